import { isEngineId } from "@lem/domain";
import type { MapNode, Path } from "../yaml/located.ts";
import { withEntries } from "../yaml/located.ts";
import type { Level } from "./levels.ts";

/** The whole of a part, where a level replaces it. */
export const WHOLE = "*";

/** Keys by part; a part is `workload`, `model`, ... or a native section `vllm.sampling`. */
export type Keys = ReadonlyMap<string, ReadonlySet<string>>;

const NO_KEYS: ReadonlySet<string> = new Set();

/** The keys of one part. */
export const keysOf = (keys: Keys, part: string): ReadonlySet<string> => keys.get(part) ?? NO_KEYS;

/** The part that a field belongs to, and its key there. */
export function placeOf([root = "", ...rest]: Path): { readonly part: string; readonly key: string } {
  if (!isEngineId(root)) return { part: root, key: rest[0] ?? WHOLE };
  const [section = "", key = WHOLE] = rest[0] === "extra" ? rest.slice(1) : rest;
  return { part: `${root}.${section}`, key };
}

/** The keys that some levels set. */
export function keysSetBy(levels: readonly Level[]): Keys {
  const keys = new Map<string, Set<string>>();
  for (const { alternatives } of levels)
    for (const { assignments } of alternatives)
      for (const { path } of assignments) {
        const { part, key } = placeOf(path);
        keys.set(part, (keys.get(part) ?? new Set()).add(key));
      }
  return keys;
}

/** What is still open at each depth of a walk through levels, and what the level before it decided. */
export interface Depth {
  readonly pending: Keys;
  /** Undefined at the start, where all that no level sets is decided. */
  readonly newly: Keys | undefined;
}

/** The depths of a walk: one more than there are levels. */
export function depthsOf(levels: readonly Level[]): readonly Depth[] {
  const pending = Array.from({ length: levels.length + 1 }, (_, depth) => keysSetBy(levels.slice(depth)));
  return pending.map((open, depth) => {
    const before = pending[depth - 1];
    return { pending: open, newly: before === undefined ? undefined : decidedBetween(before, open) };
  });
}

function decidedBetween(before: Keys, after: Keys): Keys {
  const decided = [...before].map(([part, keys]) => {
    const open = keysOf(after, part);
    return [part, new Set([...keys].filter((key) => !open.has(key)))] as const;
  });
  return new Map(decided.filter(([, keys]) => keys.size > 0));
}

/** A part without the keys that are open. */
export const withoutKeys = (node: MapNode, open: ReadonlySet<string>): MapNode =>
  open.size === 0
    ? node
    : withEntries(
        node,
        [...node.entries].filter(([key]) => !open.has(key)),
      );
