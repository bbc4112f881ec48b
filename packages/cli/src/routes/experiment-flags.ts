import type { TypedCommandFlagParameters, TypedPositionalParameters } from "@stricli/core";
import type { CliContext } from "../context.ts";
import type { ExperimentFlags } from "./flags.ts";

const text = (input: string): string => input;

/** Declarations of the flags that describe an experiment. */
export const experimentFlags: TypedCommandFlagParameters<ExperimentFlags, CliContext>["flags"] = {
  engine: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief: "engine: transformers, vllm, tensorrt-llm, llama-cpp",
    placeholder: "E",
  },
  model: {
    kind: "parsed",
    parse: text,
    optional: true,
    brief: "model: alias, hub id, folder or GGUF file",
    placeholder: "M",
  },
  set: {
    kind: "parsed",
    parse: text,
    optional: true,
    variadic: true,
    brief: "one field: workload.batch_size=4 (repeatable)",
    placeholder: "PATH=VALUE",
  },
  json: { kind: "boolean", brief: "print JSON on stdout", default: false, withNegated: false },
};

/** The optional FILE argument. */
export const experimentFile: TypedPositionalParameters<[string?], CliContext> = {
  kind: "tuple",
  parameters: [{ parse: text, brief: "experiment file (YAML)", placeholder: "FILE", optional: true }],
};
