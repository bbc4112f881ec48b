import { DEPRECATED_ENGINE_NAMES, isEngineId, type EngineId } from "@lem/domain";
import {
  emptyMap,
  withEntries,
  type Entry,
  type Located,
  type MapNode,
  type Mark,
  type Path,
} from "../yaml/located.ts";

/** A value for one field. */
export interface Assignment {
  readonly path: Path;
  /** Where the field is named. */
  readonly key: Mark;
  readonly value: Located;
}

/** A dotted field as a path, in today's engine names. */
export function fieldPath(dotted: string): Path {
  const [root = "", ...rest] = dotted.split(".");
  return [Object.hasOwn(DEPRECATED_ENGINE_NAMES, root) ? (DEPRECATED_ENGINE_NAMES[root] ?? root) : root, ...rest];
}

/** The engine that a field belongs to; undefined for lem's own fields. */
export const engineOfPath = ([root = ""]: Path): EngineId | undefined => (isEngineId(root) ? root : undefined);

/** The assignments that a map of fields makes: its keys may be dotted, its values nested; lists are values. */
export const assignmentsIn = (map: MapNode): readonly Assignment[] =>
  [...map.entries].flatMap(([key, entry]) => assignmentsAt(fieldPath(key), entry));

/** Parameters of engines are taken as they are: keys inside their values are not lem's. */
function assignmentsAt(path: Path, { key, value }: Entry): readonly Assignment[] {
  const depth = path[1] === "extra" ? 4 : 3;
  const isValue =
    value.kind !== "map" || value.entries.size === 0 || (engineOfPath(path) !== undefined && path.length >= depth);
  if (isValue) return [{ path, key, value: engineValue(path, value) }];
  return [...value.entries].flatMap(([inner, entry]) => assignmentsAt([...path, inner], entry));
}

/** An old engine name as value of `engine` in today's words. */
export function engineValue(path: Path, value: Located): Located {
  if (path.length !== 1 || path[0] !== "engine" || value.kind !== "scalar") return value;
  const renamed = DEPRECATED_ENGINE_NAMES[String(value.value)];
  return renamed === undefined ? value : { ...value, value: renamed };
}

/** The layer that a single assignment makes. */
export const layerOf = ({ path, key, value }: Assignment): MapNode =>
  path.reduceRight<Located>(
    (inner, part) => withEntries(emptyMap(value.origin), [[part, { key, value: inner }]]),
    value,
  ) as MapNode;

/** A value in a label: as written, cut to a readable length. */
export function valueLabel(node: Located): string {
  if (node.kind === "list") return `[${node.items.map(valueLabel).join(",")}]`.slice(0, LONGEST);
  if (node.kind === "map")
    return `{${[...node.entries].map(([key, { value }]) => `${key}:${valueLabel(value)}`).join(",")}}`.slice(
      0,
      LONGEST,
    );
  const whole = node.float && Number.isInteger(node.value) ? `${String(node.value)}.0` : String(node.value);
  return whole.slice(0, LONGEST);
}

const LONGEST = 40;
