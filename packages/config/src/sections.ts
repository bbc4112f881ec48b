import type { EngineId, JsonObject, JsonValue } from "@lem/domain";
import type { SchemaLookup } from "./corpora.ts";
import type { ResolvedExperiment } from "./experiment.ts";
import { checkSection } from "./parameters/validate.ts";
import type { Finding } from "./problem.ts";
import { sectionNames } from "./schema/engine-sections.ts";
import {
  entryOf,
  isWholeFloat,
  nodeAt,
  toJson,
  withEntries,
  type Located,
  type MapNode,
  type Path,
} from "./yaml/located.ts";

/** The native sections of the engine that runs, taken out of the merged layers. */
export interface EngineSections {
  readonly engine: EngineId;
  /** What is checked: the sections as written, without `extra`. */
  readonly written: ReadonlyMap<string, MapNode>;
  /** What reaches the engine: with the keys of `extra`. */
  readonly merged: ReadonlyMap<string, MapNode>;
  readonly unchecked: readonly string[];
  readonly findings: readonly Finding[];
}

/** Takes out the sections of an engine and merges `extra` into them. */
export function engineSections(root: MapNode, engine: EngineId): EngineSections {
  const names = sectionNames(engine);
  const written = mapsAt(root, [engine], names);
  const extra = mapsAt(root, [engine, "extra"], names);
  const merged = new Map(written);
  const findings: Finding[] = [];
  for (const [name, passed] of extra) {
    const own = written.get(name);
    merged.set(name, own === undefined ? passed : withEntries(own, [...own.entries, ...passed.entries]));
    findings.push(
      ...[...passed.entries.keys()].filter((key) => own?.entries.has(key)).map((key) => twice(engine, name, key)),
    );
  }
  const unchecked = [...extra].flatMap(([name, passed]) =>
    [...passed.entries.keys()].map((key) => `${engine}.${name}.${key}`),
  );
  return { engine, written, merged, unchecked, findings };
}

/** True for a key that stands in `extra`. */
export const isExtra = ({ written }: EngineSections, section: string, key: string): boolean =>
  written.get(section)?.entries.has(key) !== true;

function mapsAt(root: MapNode, path: Path, names: readonly string[]): ReadonlyMap<string, MapNode> {
  const parent = nodeAt(root, path);
  const found = names.map((name) => [name, entryOf(parent, name)?.value] as const);
  return new Map(found.filter((pair): pair is readonly [string, MapNode] => pair[1]?.kind === "map"));
}

const twice = (engine: EngineId, section: string, key: string): Finding => ({
  code: "config.conflict",
  path: [engine, "extra", section, key],
  at: "key",
  message: `${key} stands in ${section} and in extra.${section}`,
  hint: "keep the one that is checked",
});

/** Checks the sections against the engine's parameter schema; says so where there is none. */
export async function checkSections(
  { engine, written }: EngineSections,
  lookup: SchemaLookup,
  askedVersion: string | undefined,
): Promise<readonly Finding[]> {
  const name = askedVersion === undefined ? engine : `${engine} ${askedVersion}`;
  if (lookup.status === "missing") {
    return [missing([engine], `there is no parameter schema for ${name}: names and types of its keys are not checked`)];
  }
  const { status, version, schema: described } = lookup;
  const checks = [...written].map(async ([section, node]) => {
    const schema = described.sections[section];
    const path = [engine, section];
    if (schema !== undefined) return await checkSection({ path, section: node, schema });
    return [
      missing(path, `the parameter schema of ${engine} ${version} does not know this section: it is not checked`),
    ];
  });
  const found = (await Promise.all(checks)).flat();
  const other = missing([engine], `there is no parameter schema for ${name}: that of ${version} is used`);
  return status === "exact" ? found : [other, ...found];
}

const missing = (path: Path, message: string): Finding => ({
  code: "config.corpus-missing",
  severity: "warn",
  path,
  at: "key",
  message,
});

/** The sections as plain values. */
export const plainSections = ({ merged }: EngineSections): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries([...merged].map(([name, section]) => [name, toJson(section) as JsonObject]));

/** Paths of the numbers that are written as floats although they are whole. */
export const wholeFloats = ({ engine, merged }: EngineSections): readonly string[] =>
  [...merged].flatMap(([name, section]) => floatsUnder(section, [engine, name])).map((path) => path.join("."));

function floatsUnder(node: Located, path: Path): readonly Path[] {
  if (node.kind === "scalar") return isWholeFloat(node) ? [path] : [];
  if (node.kind === "list") return node.items.flatMap((item, index) => floatsUnder(item, [...path, String(index)]));
  return [...node.entries].flatMap(([key, entry]) => floatsUnder(entry.value, [...path, key]));
}

/** A whole number as Python writes a float: 1.0, and 1e+21 where it needs no point. */
const pythonFloat = (value: number): string => (/[.e]/.test(String(value)) ? String(value) : `${value}.0`);

/**
 * The sections as they travel to the engine's worker. For engines in Python, which tell 1 from 1.0, a whole number
 * that was written as a float becomes `{"$py": "float", "value": "1.0"}`, since JSON cannot say it.
 */
export function workerSections(experiment: ResolvedExperiment): Readonly<Record<string, JsonObject>> {
  const { engine, sections, floats = [] } = experiment;
  if (engine === "llama-cpp" || floats.length === 0) return sections;
  const tagged = new Set(floats);
  const tag = (value: JsonValue, path: string): JsonValue => {
    if (typeof value === "number" && tagged.has(path)) return { $py: "float", value: pythonFloat(value) };
    if (Array.isArray(value)) return value.map((item: JsonValue, index) => tag(item, `${path}.${index}`));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tag(inner, `${path}.${key}`)]));
  };
  const entries = Object.entries(sections).map(([name, section]) => [name, tag(section, `${engine}.${name}`)] as const);
  return Object.fromEntries(entries) as Readonly<Record<string, JsonObject>>;
}
