import type { JsonValue, Origin } from "@lem/domain";

/** Where a key or value is written; all null for what comes from no file. Lines and columns count from 1. */
export interface Mark {
  /** As shown to people: relative to the working directory unless it was given otherwise. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** The mark of values that no file holds: flags, defaults. */
export const NOWHERE: Mark = { file: null, line: null, column: null };

/** A scalar. `float` keeps what JavaScript loses: `1.0` is a float, `1` is not. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: null | boolean | number | string;
  readonly float: boolean;
  readonly mark: Mark;
  readonly origin: Origin;
}

/** A sequence. */
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Located[];
  readonly mark: Mark;
  readonly origin: Origin;
}

/** One key of a mapping with its value. */
export interface Entry {
  readonly key: Mark;
  readonly value: Located;
}

/** A mapping; its entries keep the order of the file. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly mark: Mark;
  readonly origin: Origin;
}

/** A YAML value in which every part knows where it is written and which layer it belongs to. */
export type Located = ScalarNode | ListNode | MapNode;

/** Keys and list positions from the root of a document. */
export type Path = readonly string[];

/** A mapping without keys. */
export const emptyMap = (origin: Origin): MapNode => ({ kind: "map", entries: new Map(), mark: NOWHERE, origin });

/** A copy of a mapping with other entries. */
export const withEntries = (map: MapNode, entries: Iterable<readonly [string, Entry]>): MapNode => ({
  ...map,
  entries: new Map(entries),
});

/** The entry that a mapping holds under a key; undefined for other nodes. */
export const entryOf = (node: Located | undefined, key: string): Entry | undefined =>
  node?.kind === "map" ? node.entries.get(key) : undefined;

function childOf(node: Located | undefined, key: string): Located | undefined {
  return node?.kind === "list" ? node.items[Number(key)] : entryOf(node, key)?.value;
}

/** The node at a path, if there is one. */
export const nodeAt = (root: Located, path: Path): Located | undefined =>
  path.reduce<Located | undefined>((node, key) => childOf(node, key), root);

/** The string at a path, if a string stands there. */
export function stringAt(root: Located, path: Path): string | undefined {
  const node = nodeAt(root, path);
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** The mark of the key (or value) at a path, else of the nearest part above it that is there. */
export function markAt(root: Located, path: Path, at: "key" | "value"): Mark {
  const node = nodeAt(root, path);
  const key = path.length === 0 ? undefined : entryOf(nodeAt(root, path.slice(0, -1)), path.at(-1) ?? "")?.key;
  const own = at === "key" ? (key ?? node?.mark) : node?.mark;
  if (own !== undefined) return own;
  return path.length === 0 ? NOWHERE : markAt(root, path.slice(0, -1), at);
}

/** The plain value of a node. */
export function toJson(node: Located): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toJson);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toJson(entry.value)]));
}

/** The leaves of a node with their paths: scalars, lists as a whole, and mappings without keys. */
export function leavesOf(node: Located, path: Path = []): readonly { readonly path: Path; readonly node: Located }[] {
  if (node.kind !== "map" || node.entries.size === 0) return [{ path, node }];
  return [...node.entries].flatMap(([key, entry]) => leavesOf(entry.value, [...path, key]));
}

/** True for a number written as a float although its value is whole: `1.0`. Not so for `0.5`, which JSON keeps. */
export const isWholeFloat = (node: Located | undefined): boolean =>
  node?.kind === "scalar" && node.float && Number.isInteger(node.value);
