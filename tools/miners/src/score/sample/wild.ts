import { float, int, list, tuple, type PyValue } from "@lem/config/invariants";
import { dictOf, setOf } from "./containers.ts";
import type { Draw } from "./draw.ts";
import type { Field } from "./subject.ts";

const POOL: readonly [PyValue, ...PyValue[]] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  7,
  int(10n ** 30n),
  ...[0, 1, 0.5, -1, 3.7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(float),
  "",
  "x",
  "1",
  "0.5",
  "true",
  "None",
  "auto",
  "-1",
  list([]),
  list([1]),
  list(["x"]),
  list([list([1, 2])]),
  list([null]),
  tuple([]),
  tuple([1, 2]),
  tuple(["x"]),
  dictOf([]),
  dictOf([["a", 1]]),
  dictOf([["a", dictOf([["b", null]])]]),
  setOf([1]),
  { type: "bytes", value: "x" },
];

/** A value that no type of the field stands behind: texts for numbers, None, bools, NaN, containers. */
export function wild(draw: Draw, field: Field): PyValue {
  const hint = draw.pick(field.hints) ?? field.default ?? null;
  if (draw.chance(0.85)) return draw.pick(POOL);
  return draw.pick([list([hint]), tuple([hint, hint]), textOf(hint), dictOf([["key", hint]])]);
}

const textOf = (value: PyValue): PyValue =>
  typeof value === "object" && value !== null ? (value.type === "float" ? String(value.value) : "x") : String(value);
