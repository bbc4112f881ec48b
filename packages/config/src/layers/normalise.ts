import { DEPRECATED_ENGINE_NAMES, isEngineId, type EngineId } from "@lem/domain";
import { problemAt, type Problem } from "../problem.ts";
import { withEntries, type Entry, type MapNode, type ScalarNode } from "../yaml/located.ts";

/** A layer in today's words, with a warning for each old one. */
export interface Normalised {
  readonly map: MapNode;
  readonly problems: readonly Problem[];
}

type Keyed = readonly [key: string, entry: Entry];

/**
 * Reads the old engine names, and takes a section that holds nothing (all its lines commented out) as absent.
 * Native parameters keep their null: there it means the engine's None.
 */
export function normalise(layer: MapNode): Normalised {
  const problems: Problem[] = [];
  const entries = [...layer.entries].map((keyed) => renameEngineValue(renameSection(keyed, problems), problems));
  const twice = entries.filter(([key], index) => entries.findIndex(([other]) => other === key) < index);
  problems.push(...twice.map(([key, entry]) => writtenTwice(key, entry)));
  return { map: withEntries(layer, entries.flatMap(dropEmpty)), problems };
}

const writtenTwice = (key: string, entry: Entry): Problem =>
  problemAt(entry.key, {
    code: "config.duplicate-key",
    path: [key],
    message: `${key} stands here under its old and its new name`,
    hint: "move all its keys under the new name",
  });

function deprecated(old: string, renamed: string, entry: Entry, path: string): Problem {
  const mark = path === "engine" ? entry.value.mark : entry.key;
  const hint = `write ${renamed}`;
  return problemAt(mark, {
    code: "config.deprecated",
    severity: "warn",
    path: [path],
    message: `${old} is called ${renamed} now`,
    hint,
  });
}

const renamedEngine = (name: string): EngineId | undefined =>
  Object.hasOwn(DEPRECATED_ENGINE_NAMES, name) ? DEPRECATED_ENGINE_NAMES[name] : undefined;

function renameSection([key, entry]: Keyed, problems: Problem[]): Keyed {
  const renamed = renamedEngine(key);
  if (renamed === undefined) return [key, entry];
  problems.push(deprecated(key, renamed, entry, key));
  return [renamed, entry];
}

function renameEngineValue([key, entry]: Keyed, problems: Problem[]): Keyed {
  if (key !== "engine" || entry.value.kind !== "scalar") return [key, entry];
  const old = String(entry.value.value);
  const renamed = renamedEngine(old);
  if (renamed === undefined) return [key, entry];
  problems.push(deprecated(old, renamed, entry, "engine"));
  return [key, { key: entry.key, value: { ...entry.value, value: renamed } satisfies ScalarNode }];
}

const SECTIONS = new Set(["workload", "measurement", "execution"]);
const INNER_SECTIONS = new Set(["warmup", "energy", "baseline", "thermal", "timeouts"]);

const isNothing = (entry: Entry): boolean => entry.value.kind === "scalar" && entry.value.value === null;

function dropEmpty([key, entry]: Keyed): readonly Keyed[] {
  const engine = isEngineId(key);
  if (!engine && !SECTIONS.has(key)) return [[key, entry]];
  if (isNothing(entry)) return [];
  if (entry.value.kind !== "map") return [[key, entry]];
  const kept = [...entry.value.entries].filter(
    ([inner, value]) => !isNothing(value) || !(engine || INNER_SECTIONS.has(inner)),
  );
  return [[key, { key: entry.key, value: withEntries(entry.value, kept) }]];
}
