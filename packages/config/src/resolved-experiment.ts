import { basename, extname, isAbsolute } from "node:path";
import { withFullAdapterPaths, type ProjectFiles } from "./adapter-paths.ts";
import type { PromptSource, ResolvedExperiment, ResolvedWorkload } from "./experiment.ts";
import { largestLength } from "./rules.ts";
import type { ParsedExperiment } from "./schema/experiment.ts";
import { DEFAULT_PROMPTS, type ParsedWorkload } from "./schema/workload.ts";
import { plainSections, wholeFloats, type EngineSections } from "./sections.ts";
import { absoluteFrom, pathInField, portable } from "./written-path.ts";
import { entryOf, markAt, nodeAt, type MapNode } from "./yaml/located.ts";

/** A checked configuration with the layers it came from. */
export interface Resolving {
  readonly parsed: ParsedExperiment;
  readonly root: MapNode;
  readonly sections: EngineSections;
  readonly options: ProjectFiles & { readonly mainFile?: string | undefined };
}

/** Fills in what is derived from other fields, and makes paths mean the same from the working directory. */
export function resolveExperiment({ parsed, root, sections, options }: Resolving): ResolvedExperiment {
  const { engine, measurement } = parsed;
  const trace = pathInField(root, ["measurement", "energy", "trace"], options.cwd);
  const model = resolveModel(parsed.model, root, options.cwd);
  const floats = wholeFloats(sections);
  return {
    schema_version: parsed.schema_version,
    name: parsed.name ?? defaultName(options.mainFile, parsed),
    engine,
    model,
    workload: resolveWorkload(parsed.workload, root, options.cwd),
    measurement: {
      ...measurement,
      energy: { ...measurement.energy, trace: trace === undefined ? null : portable(trace, options.cwd) },
    },
    sections: plainSections(withFullAdapterPaths(sections, root, options)),
    unchecked: sections.unchecked,
    ...(floats.length === 0 ? {} : { floats }),
  };
}

/** What is surely a path: `org/name` is a hub id, and so is `org/name:file.gguf`. */
const MODEL_PATH = /^\.\.?\/|^[^/~:][^:]*\.gguf$/;

/** A model's path counts from the file too; it keeps a form that no hub id has. */
function resolveModel(model: string, root: MapNode, cwd: string): string {
  if (!MODEL_PATH.test(model)) return model;
  const path = portable(pathInField(root, ["model"], cwd) ?? model, cwd);
  return isAbsolute(path) ? path : `./${path}`;
}

/** The name of an experiment that has none. */
const defaultName = (mainFile: string | undefined, { model, engine }: ParsedExperiment): string =>
  safeName(mainFile === undefined ? `${basename(model)}-${engine}` : basename(mainFile, extname(mainFile)), engine);

/** The name of a study: its own, else that of its file. */
export const studyName = (name: string | undefined, mainFile: string | undefined): string =>
  name ?? (mainFile === undefined ? "study" : safeName(basename(mainFile, extname(mainFile)), "study"));

/** A name that is safe as part of a folder's name on every system. */
function safeName(words: string, otherwise: string): string {
  const safe = words
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100)
    .replace(/[^A-Za-z0-9]+$/, "");
  return safe === "" ? otherwise : safe;
}

const DEFAULT_INPUT_TOKENS = 128;

/** The length that inputs are cut to: as written, else the largest that `lengths` draws, else 128. */
export const inputTokens = (workload: ParsedWorkload): number =>
  workload.input_tokens ?? largestLength(workload.lengths) ?? DEFAULT_INPUT_TOKENS;

function resolveWorkload(workload: ParsedWorkload, root: MapNode, cwd: string): ResolvedWorkload {
  const { n, output_tokens, pin_output, batching, batch_size, concurrency, seed } = workload;
  const input_tokens = inputTokens(workload);
  const max_batch_tokens = workload.max_batch_tokens ?? batch_size * (input_tokens + output_tokens);
  const prompts = resolvePrompts(workload, root, cwd);
  return {
    prompts,
    n,
    input_tokens,
    output_tokens,
    pin_output,
    batching,
    batch_size,
    max_batch_tokens,
    concurrency,
    seed,
  };
}

const BUILTIN = /^builtin(?::(?<set>.+))?$/;

function resolvePrompts(
  { prompts = DEFAULT_PROMPTS, lengths }: ParsedWorkload,
  root: MapNode,
  cwd: string,
): PromptSource {
  if (lengths !== undefined)
    return { kind: "synthetic", lengths: typeof lengths === "number" ? { kind: "fixed", value: lengths } : lengths };
  const builtin = typeof prompts === "string" ? BUILTIN.exec(prompts) : null;
  if (builtin !== null)
    return { kind: "builtin", set: builtin.groups?.["set"] ?? DEFAULT_PROMPTS.slice("builtin:".length) };
  const written = typeof prompts === "string" ? prompts : prompts.file;
  const field = typeof prompts === "string" ? undefined : prompts.field;
  const place = entryOf(nodeAt(root, ["workload", "prompts"]), "file") === undefined ? [] : ["file"];
  const file = markAt(root, ["workload", "prompts", ...place], "value").file;
  return {
    kind: "file",
    path: portable(absoluteFrom(file, written, cwd), cwd),
    ...(field === undefined ? {} : { field }),
  };
}
