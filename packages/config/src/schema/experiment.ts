import { ENGINE_IDS, type EngineId } from "@lem/domain";
import * as z from "zod";
import type { ResolvedMeasurement } from "../experiment.ts";
import { PRESET_NAMES } from "../layers/presets.ts";
import { engineSchema, type ParsedEngineSections } from "./engine-sections.ts";
import { executionSchema, type ParsedExecution } from "./execution.ts";
import { measurementSchema } from "./measurement.ts";
import { sweepSchema, type ParsedSweep } from "./sweep.ts";
import { workloadSchema, type ParsedWorkload } from "./workload.ts";

/** Version of the configuration's layout that this program writes and reads. */
export const CONFIG_SCHEMA_VERSION = 1;

/** The engine of an experiment that names none: it runs everywhere. */
export const DEFAULT_ENGINE: EngineId = "llama-cpp";

/** A name that is safe as part of a folder's name on every system. */
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** A configuration after its own checks, defaults filled in; native sections are as written. */
export type ParsedExperiment = {
  readonly schema_version: 1;
  readonly name?: string | undefined;
  readonly preset?: string | undefined;
  readonly engine: EngineId;
  readonly model: string;
  readonly workload: ParsedWorkload;
  readonly measurement: ResolvedMeasurement;
  readonly sweep?: ParsedSweep | undefined;
  readonly execution: ParsedExecution;
} & { readonly [E in EngineId]?: ParsedEngineSections | undefined };

const files = z.union([z.string().min(1), z.array(z.string().min(1))]);

/** The configuration of one experiment as it may be written. */
export const experimentSchema: z.ZodType<ParsedExperiment> = z
  .strictObject({
    schema_version: z
      .literal(CONFIG_SCHEMA_VERSION)
      .default(CONFIG_SCHEMA_VERSION)
      .describe("Version of this file's layout."),
    name: z
      .string()
      .regex(NAME_PATTERN, "use letters, digits, dot, dash and underscore, at most 100")
      .optional()
      .describe(
        "Name of the experiment, part of its results folder. By default the file's name, else model and engine.",
      ),
    extends: files
      .optional()
      .describe(
        "A file, or a list of files, whose keys this file takes over and may override; of a list the last wins. Paths are relative to this file.",
      ),
    preset: z
      .enum(PRESET_NAMES)
      .optional()
      .describe("A way of sampling in the engine's own parameters. Whatever the file itself says wins."),
    engine: z.enum(ENGINE_IDS).default(DEFAULT_ENGINE).describe("The engine that runs the model."),
    model: z
      .string()
      .min(1)
      .default("smollm2-135m")
      .describe("An alias, a hub id (with @revision), a local folder or a GGUF file."),
    workload: workloadSchema,
    measurement: measurementSchema,
    sweep: sweepSchema,
    execution: executionSchema,
    transformers: engineSchema("transformers", "Hugging Face Transformers"),
    vllm: engineSchema("vllm", "vLLM"),
    "tensorrt-llm": engineSchema("tensorrt-llm", "TensorRT-LLM"),
    "llama-cpp": engineSchema("llama-cpp", "llama.cpp"),
  })
  .describe("One experiment of lem, or a study of many.") as unknown as z.ZodType<ParsedExperiment>;
