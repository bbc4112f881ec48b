import { fingerprint, isEngineId, type CorpusRecord, type EngineId } from "@lem/domain";
import { checkAdapterPaths, type ProjectFiles } from "./adapter-paths.ts";
import type { RulesLookup, SchemaLookup } from "./corpora.ts";
import type { ChangedField, NeutralField } from "./corpus/section.ts";
import { effectiveIdentity } from "./effective-identity.ts";
import type { Resolution } from "./experiment.ts";
import { checkInvariants } from "./invariant-findings.ts";
import { overlayAll } from "./layers/overlay.ts";
import { presetLayer } from "./layers/presets.ts";
import { hasErrors, placeFinding, sortProblems, type Finding, type Problem } from "./problem.ts";
import { provenanceOf } from "./provenance.ts";
import { inputTokens, resolveExperiment } from "./resolved-experiment.ts";
import { checkRules } from "./rules.ts";
import { checkWritten } from "./schema/check.ts";
import { DEFAULT_ENGINE, type ParsedExperiment } from "./schema/experiment.ts";
import { checkSections, engineSections, type EngineSections } from "./sections.ts";
import { emptyMap, markAt, nodeAt, stringAt, toJson, withEntries, type MapNode } from "./yaml/located.ts";

/** The layers of a configuration besides defaults and preset, each in today's words. */
export interface Layers {
  readonly flags?: MapNode | undefined;
  readonly file?: MapNode | undefined;
  /** What the file extends, merged. */
  readonly base?: MapNode | undefined;
  readonly userFile?: MapNode | undefined;
}

/** What resolving needs from outside; this module itself reads no file. */
export interface ResolveOptions extends ProjectFiles {
  /** The main file as shown to people. */
  readonly mainFile?: string | undefined;
  readonly engineVersion?: string | undefined;
  readonly schemaFor: (engine: EngineId) => SchemaLookup;
  readonly rulesFor: (engine: EngineId) => RulesLookup;
  /** The machine that the engine's rules are asked about: `cpu` unless told. */
  readonly profile?: string | undefined;
}

/** A configuration with everything that is wrong with it; the resolution is absent when that refuses it. */
export interface LoadedExperiment {
  /** The engine that was asked for; undefined when there is none of that name. */
  readonly engine: EngineId | undefined;
  /** What checked its native sections. */
  readonly corpus: Resolution["corpus"] | undefined;
  readonly resolution: Resolution | undefined;
  readonly problems: readonly Problem[];
}

/** Goes from written layers to the resolved experiment. Precedence: flag > file > base > preset > user file > default. */
export async function resolve(layers: Layers, options: ResolveOptions): Promise<LoadedExperiment> {
  const root = mergeLayers(layers);
  const { parsed, findings } = checkWritten(root);
  const engine = engineOf(root);
  const native = engine === undefined ? undefined : await checkNative(root, engine, options);
  const corpus = native === undefined ? undefined : corpusRecord(native);
  const found = [...findings, ...(native?.findings ?? []), ...rulesFor(parsed)];
  const problems = sortProblems(
    found.map((finding) => placeFinding(finding, root)),
    options.mainFile,
  );
  if (parsed === undefined || native === undefined || hasErrors(problems))
    return { engine, corpus, resolution: undefined, problems };
  const experiment = resolveExperiment({ parsed, root, sections: native.sections, options });
  const { name: _, ...identity } = experiment;
  const resolution: Resolution = {
    experiment,
    id: fingerprint(identity),
    effective_id: fingerprint(effectiveIdentity(experiment, native)),
    changed: native.changed,
    written: toJson(overlayAll([layers.file, layers.base])),
    provenance: provenanceOf(experiment, root),
    corpus: corpusRecord(native),
  };
  return { engine, corpus, resolution, problems };
}

const corpusRecord = ({ schema, rules }: Native): Resolution["corpus"] => ({
  ...statusOf(schema),
  rules: statusOf(rules),
});

const statusOf = (lookup: SchemaLookup | RulesLookup): CorpusRecord =>
  lookup.status === "missing" ? { status: lookup.status } : { status: lookup.status, version: lookup.version };

/** Rules look at whole fields only: while one is of the wrong type they have nothing to say. */
function rulesFor(parsed: ParsedExperiment | undefined): readonly Finding[] {
  if (parsed === undefined) return [];
  return checkRules({ parsed, engine: parsed.engine, input_tokens: inputTokens(parsed.workload) });
}

/** The engine that runs; undefined when the name is none. */
function engineOf(root: MapNode): EngineId | undefined {
  if (nodeAt(root, ["engine"]) === undefined) return DEFAULT_ENGINE;
  const name = stringAt(root, ["engine"]);
  return name !== undefined && isEngineId(name) ? name : undefined;
}

/** Lays the layers over one another; the preset fills its place once the engine and its name are known. */
export function mergeLayers({ flags, file, base, userFile }: Layers): MapNode {
  const written = withoutNoSweep(overlayAll([flags, file, base, userFile]));
  const engine = engineOf(written);
  if (engine === undefined) return written;
  const name = stringAt(written, ["preset"]);
  const preset = name === undefined ? undefined : presetLayer(name, engine, markAt(written, ["preset"], "value"));
  return withoutNoSweep(overlayAll([flags, file, base, preset, forEngine(userFile, engine)]));
}

/** `sweep: null` takes back the sweep of a file that is extended. */
const withoutNoSweep = (root: MapNode): MapNode => {
  const sweep = root.entries.get("sweep")?.value;
  return sweep?.kind === "scalar" && sweep.value === null
    ? withEntries(
        root,
        [...root.entries].filter(([key]) => key !== "sweep"),
      )
    : root;
};

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
  readonly schema: SchemaLookup;
  readonly rules: RulesLookup;
  readonly findings: readonly Finding[];
  readonly changed: readonly ChangedField[];
  readonly neutral: readonly NeutralField[];
}

async function checkNative(root: MapNode, engine: EngineId, options: ResolveOptions): Promise<Native> {
  const sections = engineSections(root, engine);
  const schema = options.schemaFor(engine);
  const rules = options.rulesFor(engine);
  const { engineVersion: askedVersion, profile } = options;
  const invariants = await checkInvariants(sections, { lookup: rules, schema, askedVersion, profile });
  const findings = [
    ...[...root.entries.keys()].filter((key) => isEngineId(key) && key !== engine).map((key) => mismatch(key, engine)),
    ...sections.findings,
    ...(await checkSections(sections, schema, askedVersion)),
    ...checkAdapterPaths(root, options),
    ...invariants.findings,
  ];
  return { sections, schema, rules, findings, changed: invariants.changed, neutral: invariants.neutral };
}

const mismatch = (key: string, engine: EngineId): Finding => ({
  code: "config.section-mismatch",
  path: [key],
  at: "key",
  message: `a section of ${key}, and the engine is ${engine}`,
  hint: `write engine: ${key}, or take the section out`,
});
