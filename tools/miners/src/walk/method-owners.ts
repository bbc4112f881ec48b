import type { OperatorName } from "@lem/config/invariants";

/** True for methods of built-in types: a call of one is judged as a call, not as an attribute. */
export const isKnownMethod = (name: string): boolean => Object.hasOwn(OWNERS, name);

/** Types that have a method, so that a call on any other value raises AttributeError. */
export const OWNERS: Readonly<Record<string, readonly string[]>> = {
  lower: ["str", "bytes"],
  upper: ["str", "bytes"],
  strip: ["str", "bytes"],
  startswith: ["str", "bytes"],
  endswith: ["str", "bytes"],
  split: ["str", "bytes"],
  rsplit: ["str", "bytes"],
  lstrip: ["str", "bytes"],
  rstrip: ["str", "bytes"],
  replace: ["str", "bytes"],
  format: ["str"],
  join: ["str", "bytes"],
  encode: ["str"],
  isdigit: ["str", "bytes"],
  title: ["str", "bytes"],
  capitalize: ["str", "bytes"],
  get: ["dict"],
  keys: ["dict"],
  values: ["dict"],
  items: ["dict"],
  setdefault: ["dict"],
  popitem: ["dict"],
  append: ["list"],
  extend: ["list"],
  insert: ["list"],
  sort: ["list"],
  reverse: ["list"],
  add: ["set"],
  discard: ["set"],
  update: ["set", "dict"],
  pop: ["list", "dict", "set"],
  remove: ["list", "set"],
  clear: ["list", "dict", "set"],
  copy: ["list", "dict", "set", "frozenset"],
  issubset: ["set", "frozenset"],
  union: ["set", "frozenset"],
  intersection: ["set", "frozenset"],
  difference: ["set", "frozenset"],
};

/** Methods that are operators of the predicate language. */
export const OPERATORS: Readonly<Record<string, OperatorName>> = {
  lower: "lower",
  upper: "upper",
  strip: "strip",
  startswith: "startsWith",
  endswith: "endsWith",
  get: "get",
  issubset: "subset",
  isdisjoint: "disjoint",
  keys: "keys",
  values: "values",
  items: "items",
};
