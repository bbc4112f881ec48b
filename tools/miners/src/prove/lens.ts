import { float, isFloat, isSequence, list, tuple, type Expr, type PyValue } from "@lem/config/invariants";
import { dictOf, ofLength } from "./sample-values.ts";

/** A field together with the ways to give it a value so that an expression over it comes to a wanted one. */
export interface Lens {
  readonly field: string;
  readonly build: (wanted: PyValue) => readonly PyValue[];
}

/** What the variables in scope stand for. */
export type Scope = ReadonlyMap<string, readonly Lens[]>;

const through = (lenses: readonly Lens[], step: Lens["build"]): readonly Lens[] =>
  lenses.map(({ field, build }) => ({ field, build: (wanted) => step(wanted).flatMap(build) }));

const same: Lens["build"] = (wanted) => [wanted];

type Step = (args: readonly Expr[]) => Lens["build"];

/** How to undo operators whose first operand holds the field. */
const UNDO: Readonly<Record<string, Step>> = {
  len: () => ofLength,
  lower: () => same,
  upper: () => (wanted) => (typeof wanted === "string" ? [wanted.toLowerCase()] : []),
  strip: () => (wanted) => [wanted, ...(typeof wanted === "string" ? [` ${wanted} `] : [])],
  abs: () => (wanted) => [wanted, ...shifted(wanted, 0, -1)],
  neg: () => (wanted) => shifted(wanted, 0, -1),
  add:
    ([, other]) =>
    (wanted) =>
      shifted(wanted, -numberIn(other), 1),
  sub:
    ([, other]) =>
    (wanted) =>
      shifted(wanted, numberIn(other), 1),
  mod:
    ([, other]) =>
    (wanted) => [wanted, ...shifted(wanted, numberIn(other), 1), ...shifted(wanted, 1, 1)],
  mul:
    ([, other]) =>
    (wanted) => [wanted, ...shifted(wanted, 0, 1 / (numberIn(other) || 1))],
  index:
    ([, key]) =>
    (wanted) =>
      atKey(key, wanted),
  get:
    ([, key]) =>
    (wanted) =>
      atKey(key, wanted),
  keys: () => (wanted) => (typeof wanted === "string" ? [dictOf(wanted, 1)] : []),
  values: () => (wanted) => [dictOf("x", wanted)],
  items: () => (wanted) =>
    pairsIn(wanted)
      .filter(([key]) => isPlainKey(key))
      .map(([key, value]) => dictOf(key, value)),
  lengths: () => (wanted) => ofLength(wanted).map((item) => list([item])),
  sorted: () => same,
  unique: () => same,
  distinct: () => same,
  truthy: () => same,
  int: () => (wanted) => [wanted, ...(typeof wanted === "number" ? [float(wanted + 0.5), String(wanted)] : [])],
};

/** Keys and values in a list of sequences, as a dict gives its own. */
const pairsIn = (wanted: PyValue): readonly (readonly [PyValue, PyValue])[] =>
  isSequence(wanted)
    ? wanted.items.flatMap((item) => (isSequence(item) ? [[item.items[0] ?? 1, item.items[1] ?? 1] as const] : []))
    : [];

/** Keys that users write; a list is none, and a NaN is never found again. */
const isPlainKey = (key: PyValue): boolean =>
  typeof key !== "object" || key === null || (isFloat(key) && !Number.isNaN(key.value));

function numberIn(expr: Expr | undefined): number {
  if (expr?.op !== "const") return 1;
  const { value } = expr;
  if (typeof value === "number") return value;
  return isFloat(value) ? value.value : 1;
}

function shifted(wanted: PyValue, by: number, times: number): readonly PyValue[] {
  if (typeof wanted === "number")
    return [wanted * times + by].map((value) => (Number.isInteger(value) ? value : float(value)));
  return isFloat(wanted) ? [float(wanted.value * times + by)] : [];
}

function atKey(key: Expr | undefined, wanted: PyValue): readonly PyValue[] {
  if (key?.op !== "const") return [];
  const { value } = key;
  if (typeof value === "string") return [dictOf(value, wanted)];
  if (typeof value !== "number" || value > 16) return [];
  const items = Array.from({ length: Math.max(value + 1, Math.abs(value)) }, () => wanted);
  return [list(items), tuple(items), list([wanted, wanted])];
}

/** The fields that an expression's value hangs on in a way that can be undone. */
export function lensesOf(expr: Expr, scope: Scope): readonly Lens[] {
  switch (expr.op) {
    case "field":
      return [{ field: expr.path, build: same }];
    case "var":
      return scope.get(expr.name) ?? [];
    case "ite":
      return [expr.yes, expr.no].flatMap((part) => lensesOf(part, scope));
    case "let":
      return lensesOf(expr.in, new Map([...scope, [expr.as, lensesOf(expr.be, scope)]]));
    default:
      return "args" in expr ? throughOperator(expr.op, expr.args, scope) : [];
  }
}

function throughOperator(op: string, args: readonly Expr[], scope: Scope): readonly Lens[] {
  if (["all", "any", "min", "max"].includes(op)) return args.flatMap((arg) => lensesOf(arg, scope));
  const undo = UNDO[op];
  const [first] = args;
  return undo === undefined || first === undefined ? [] : through(lensesOf(first, scope), undo(args));
}

const DISPLAYS: readonly string[] = ["list", "tuple", "set"];

/** The lens of an element of a collection. */
export function elementLenses(collection: Expr, scope: Scope): readonly Lens[] {
  if (collection.op === "ite") return [collection.yes, collection.no].flatMap((part) => elementLenses(part, scope));
  if ("args" in collection && DISPLAYS.includes(collection.op))
    return collection.args.flatMap((item) => lensesOf(item, scope));
  return through(lensesOf(collection, scope), (wanted) => [
    list([wanted]),
    list([wanted, wanted]),
    list([1, wanted]),
    list(["x", wanted]),
    ...(typeof wanted === "string" ? [dictOf(wanted, 1)] : []),
  ]);
}
