import { basename, extname } from "node:path";
import { fingerprint, isEngineId, type EngineId } from "@lem/domain";
import type { CorpusLookup } from "./corpus.ts";
import type { PromptSource, Resolution, ResolvedExperiment, ResolvedWorkload } from "./experiment.ts";
import { overlayAll } from "./layers/overlay.ts";
import { presetLayer } from "./layers/presets.ts";
import { hasErrors, placeFinding, sortProblems, type Finding, type Problem } from "./problem.ts";
import { provenanceOf } from "./provenance.ts";
import { checkRules, largestLength } from "./rules.ts";
import { checkWritten } from "./schema/check.ts";
import type { ParsedExperiment } from "./schema/experiment.ts";
import { DEFAULT_PROMPTS, type ParsedWorkload } from "./schema/workload.ts";
import { checkSections, engineSections, plainSections, wholeFloats, type EngineSections } from "./sections.ts";
import { absoluteFrom, pathInField, portable } from "./written-path.ts";
import {
  emptyMap,
  entryOf,
  markAt,
  nodeAt,
  stringAt,
  toJson,
  withEntries,
  type MapNode,
  type Path,
} from "./yaml/located.ts";

/** The layers of a configuration besides defaults and preset, each in today's words. */
export interface Layers {
  readonly flags?: MapNode | undefined;
  readonly file?: MapNode | undefined;
  /** What the file extends, merged. */
  readonly base?: MapNode | undefined;
  readonly userFile?: MapNode | undefined;
}

/** What resolving needs from outside; this module itself reads no file. */
export interface ResolveOptions {
  readonly cwd: string;
  /** The main file as shown to people. */
  readonly mainFile?: string | undefined;
  readonly engineVersion?: string | undefined;
  readonly corpusFor: (engine: EngineId) => CorpusLookup;
  /** True for an absolute path that lies outside the project. */
  readonly leavesProject: (path: string) => boolean;
}

/** A configuration with everything that is wrong with it; the resolution is absent when that refuses it. */
export interface Outcome {
  readonly resolution: Resolution | undefined;
  readonly problems: readonly Problem[];
}

/** Goes from written layers to the resolved experiment. Precedence: flag > file > base > preset > user file > default. */
export function resolve(layers: Layers, options: ResolveOptions): Outcome {
  const root = mergeLayers(layers);
  const { parsed, findings } = checkWritten(root);
  const engine = engineOf(root);
  const native = engine === undefined ? undefined : checkNative(root, engine, options);
  const rules =
    parsed === undefined
      ? []
      : checkRules({ parsed, engine: parsed.engine, input_tokens: inputTokens(parsed.workload) });
  const placed = [...findings, ...(native?.findings ?? []), ...rules].map((finding) => placeFinding(finding, root));
  const problems = sortProblems(placed, options.mainFile);
  if (parsed === undefined || native === undefined || hasErrors(problems)) return { resolution: undefined, problems };
  const experiment = resolveExperiment({ parsed, root, sections: native.sections, options });
  const { name: _, ...identity } = experiment;
  const { status } = native.lookup;
  const corpus = native.lookup.status === "missing" ? { status } : { status, version: native.lookup.version };
  const written = toJson(overlayAll([layers.file, layers.base]));
  return {
    resolution: { experiment, id: fingerprint(identity), written, provenance: provenanceOf(experiment, root), corpus },
    problems,
  };
}

/** The engine that runs; undefined when the name is none. */
function engineOf(root: MapNode): EngineId | undefined {
  if (nodeAt(root, ["engine"]) === undefined) return "llama-cpp";
  const name = stringAt(root, ["engine"]);
  return name !== undefined && isEngineId(name) ? name : undefined;
}

/** Lays the layers over one another; the preset fills its place once the engine and its name are known. */
function mergeLayers({ flags, file, base, userFile }: Layers): MapNode {
  const written = overlayAll([flags, file, base, userFile]);
  const engine = engineOf(written);
  if (engine === undefined) return written;
  const name = stringAt(written, ["preset"]);
  const preset = name === undefined ? undefined : presetLayer(name, engine, markAt(written, ["preset"], "value"));
  return overlayAll([flags, file, base, preset, forEngine(userFile, engine)]);
}

/** The user's defaults may hold sections of every engine; those of the others do not count. */
function forEngine(userFile: MapNode | undefined, engine: EngineId): MapNode {
  if (userFile === undefined) return emptyMap("user-file");
  return withEntries(
    userFile,
    [...userFile.entries].filter(([key]) => !isEngineId(key) || key === engine),
  );
}

interface Native {
  readonly sections: EngineSections;
  readonly lookup: CorpusLookup;
  readonly findings: readonly Finding[];
}

function checkNative(root: MapNode, engine: EngineId, options: ResolveOptions): Native {
  const sections = engineSections(root, engine);
  const lookup = options.corpusFor(engine);
  const findings = [
    ...[...root.entries.keys()].filter((key) => isEngineId(key) && key !== engine).map((key) => mismatch(key, engine)),
    ...sections.findings,
    ...checkSections(sections, lookup, options.engineVersion),
    ...adapterPaths(root)
      .filter((path) => options.leavesProject(pathInField(root, path, options.cwd) ?? options.cwd))
      .map(outside),
  ];
  return { sections, lookup, findings };
}

const mismatch = (key: string, engine: EngineId): Finding => ({
  code: "config.section-mismatch",
  path: [key],
  at: "key",
  message: `a section of ${key}, and the engine is ${engine}`,
  hint: `write engine: ${key}, or take the section out`,
});

const outside = (path: Path): Finding => ({
  code: "config.path-outside",
  path,
  at: "value",
  message: "the path leaves the project",
  hint: "copy the adapter into the project",
});

/** Fields of the adapter section that name a file or folder. */
function adapterPaths(root: MapNode): readonly Path[] {
  return [
    ["transformers", "adapter"],
    ["transformers", "extra", "adapter"],
  ].flatMap((parent) => {
    const adapter = nodeAt(root, parent);
    const keys = adapter?.kind === "map" ? [...adapter.entries.keys()] : [];
    return keys
      .filter((key) => key.toLowerCase().endsWith("path") && stringAt(root, [...parent, key]) !== undefined)
      .map((key) => [...parent, key]);
  });
}

interface Resolving {
  readonly parsed: ParsedExperiment;
  readonly root: MapNode;
  readonly sections: EngineSections;
  readonly options: ResolveOptions;
}

function resolveExperiment({ parsed, root, sections, options }: Resolving): ResolvedExperiment {
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
    sections: plainSections(withAdapterPaths(sections, root, options.cwd)),
    unchecked: sections.unchecked,
    ...(floats.length === 0 ? {} : { floats }),
  };
}

/** Only `./` and `../` are surely paths: `org/name` is a hub id. The prefix stays, so that it is still one. */
function resolveModel(model: string, root: MapNode, cwd: string): string {
  if (!/^\.\.?\//.test(model)) return model;
  const path = portable(pathInField(root, ["model"], cwd) ?? model, cwd);
  return path.startsWith("/") ? path : `./${path}`;
}

/** The worker does not run in the user's folder, so adapter paths reach it in full. */
function withAdapterPaths(sections: EngineSections, root: MapNode, cwd: string): EngineSections {
  const adapter = sections.merged.get("adapter");
  if (adapter === undefined) return sections;
  const paths = new Map(adapterPaths(root).map((path) => [path.at(-1) ?? "", pathInField(root, path, cwd)]));
  const entries = [...adapter.entries].map(([key, entry]) => {
    const value = paths.get(key);
    return [
      key,
      value === undefined || entry.value.kind !== "scalar"
        ? entry
        : { key: entry.key, value: { ...entry.value, value } },
    ] as const;
  });
  return { ...sections, merged: new Map([...sections.merged, ["adapter", withEntries(adapter, entries)]]) };
}

function defaultName(mainFile: string | undefined, { model, engine }: ParsedExperiment): string {
  const words = mainFile === undefined ? `${basename(model)}-${engine}` : basename(mainFile, extname(mainFile));
  const safe = words
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
  return safe === "" ? engine : safe;
}

const DEFAULT_INPUT_TOKENS = 128;

const inputTokens = (workload: ParsedWorkload): number =>
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
