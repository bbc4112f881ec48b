import { emptyMap, withEntries, type Entry, type Located, type MapNode } from "../yaml/located.ts";

/** Fields that are replaced as a whole when the stronger layer names their kind: parts of two kinds do not mix. */
const SELECTORS: Readonly<Record<string, string>> = { "workload.lengths": "kind", "workload.prompts": "file" };

/** Fields that exclude one another: the stronger layer's choice drops the weaker layer's alternative. */
const ALTERNATIVES: readonly (readonly [string, string])[] = [
  ["workload.prompts", "workload.lengths"],
  ["workload.lengths", "workload.prompts"],
];

/** Lays layers over one another, the strongest first. Maps merge by key; lists and scalars are replaced whole. */
export function overlayAll(layers: readonly (MapNode | undefined)[]): MapNode {
  const present = layers.filter((layer): layer is MapNode => layer !== undefined);
  return present.reduceRight((weaker, stronger) => overlayMaps(stronger, weaker, ""), emptyMap("default"));
}

function overlayMaps(stronger: MapNode, weaker: MapNode, path: string): MapNode {
  const inside = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const dropped = new Set(
    ALTERNATIVES.filter(([chosen]) => [...stronger.entries.keys()].some((key) => inside(key) === chosen)).map(
      ([, other]) => other,
    ),
  );
  const merged = new Map<string, Entry>([...weaker.entries].filter(([key]) => !dropped.has(inside(key))));
  for (const [key, entry] of stronger.entries) {
    const below = merged.get(key);
    merged.set(
      key,
      below === undefined ? entry : { key: entry.key, value: overlay(entry.value, below.value, inside(key)) },
    );
  }
  return { ...withEntries(stronger, merged), mark: stronger.mark.file === null ? weaker.mark : stronger.mark };
}

function overlay(stronger: Located, weaker: Located, path: string): Located {
  if (stronger.kind !== "map" || weaker.kind !== "map") return stronger;
  const selector = SELECTORS[path];
  return selector !== undefined && stronger.entries.has(selector) ? stronger : overlayMaps(stronger, weaker, path);
}
