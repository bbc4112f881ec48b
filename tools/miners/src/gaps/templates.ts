import { float, isFloat, tuple, type Expr, type PyValue } from "@lem/config/invariants";
import { valueKey } from "../prove/background.ts";
import { numberIn } from "./samples.ts";

/** The values of one field that were tried, by what they showed. */
export interface FieldEvidence {
  readonly field: string;
  readonly firing: readonly PyValue[];
  readonly silent: readonly PyValue[];
  /** Whether annotations name its texts, all of which were tried. */
  readonly isNamed?: boolean;
}

const constant = (value: PyValue): Expr => ({ op: "const", value });
const not = (of: Expr): Expr => ({ op: "not", of });
const both = (...args: readonly Expr[]): Expr => ({ op: "all", args });
const either = (...args: readonly Expr[]): Expr => ({ op: "any", args });

const TYPES: readonly (readonly string[])[] = [
  ...["bool", "int", "float", "str", "list", "tuple", "dict", "set"].map((name) => [name]),
  ["int", "float"],
  ["list", "tuple"],
  ["none", "bool"],
  ["none", "int"],
  ["none", "float"],
  ["none", "str"],
  ["none", "int", "float"],
  ["none", "list"],
  ["none", "dict"],
  ["str", "list"],
  ["str", "dict"],
];

/** Conditions on one field that an engine may write, the simplest first. None of them raises. */
export function* conditionsOn(evidence: FieldEvidence): Generator<Expr> {
  const of: Expr = { op: "field", path: evidence.field };
  const given: Expr = { op: "notNone", args: [of] };
  yield* simple(of, given);
  yield* equalities(of, given, evidence);
  yield* types(of, given);
  yield* ranges(of, given, evidence);
  yield* lists(of, evidence);
}

function* simple(of: Expr, given: Expr): Generator<Expr> {
  const truthy: Expr = { op: "truthy", args: [of] };
  yield given;
  yield not(given);
  yield truthy;
  yield not(truthy);
  for (const value of [true, false] as const) {
    yield { op: "is", of, value };
    yield { op: "isNot", of, value };
    yield both(given, { op: "isNot", of, value });
  }
  yield both(given, not(truthy));
}

function* equalities(of: Expr, given: Expr, { firing, silent }: FieldEvidence): Generator<Expr> {
  for (const value of plain(firing)) yield { op: "eq", args: [of, constant(value)] };
  for (const value of plain(silent).filter((each) => typeof each !== "string")) {
    const other: Expr = { op: "ne", args: [of, constant(value)] };
    yield other;
    yield both(given, other);
  }
}

function* types(of: Expr, given: Expr): Generator<Expr> {
  for (const classes of TYPES) {
    const isOne: Expr = { op: "type", of, classes };
    yield isOne;
    yield not(isOne);
    yield both(given, not(isOne));
    yield both({ op: "truthy", args: [of] }, not(isOne));
  }
}

/** Numbers beyond a bound, or outside two, or within; other types as engines meet them. NaN tells `<` from `not >=`. */
function* ranges(of: Expr, given: Expr, { firing, silent }: FieldEvidence): Generator<Expr> {
  const number: Expr = { op: "type", of, classes: ["int", "float"] };
  for (const { inside } of rangesOf(of, firing, silent)) yield both(number, inside);
  for (const { inside, outside } of rangesOf(of, silent, firing)) {
    yield both(number, outside);
    yield both(number, not(inside));
    yield both(given, not(both(number, inside)));
    for (const name of ["int", "float"]) {
      const isOne: Expr = { op: "type", of, classes: [name] };
      for (const beyond of [outside, not(inside)]) {
        yield both(isOne, beyond);
        yield either(not(isOne), beyond);
        yield both(given, either(not(isOne), beyond));
      }
    }
  }
}

interface Range {
  readonly inside: Expr;
  readonly outside: Expr;
}

/** Ranges that hold the numbers of one kind and none of the other. */
function* rangesOf(of: Expr, held: readonly PyValue[], left: readonly PyValue[]): Generator<Range> {
  const inner = extremes(held);
  if (inner === undefined) return;
  const outer = left.flatMap((value) => numberIn(value) ?? []);
  const lows = boundsBetween(Math.max(...outer.filter((value) => value < inner.low)), inner.low);
  const highs = boundsBetween(inner.high, Math.min(...outer.filter((value) => value > inner.high)));
  const compared = (op: "lt" | "le" | "gt" | "ge", bound: Bound): Expr => ({ op, args: [of, constant(bound.value)] });
  const below = (bound: Bound): Expr => compared(bound.isIn ? "lt" : "le", bound);
  const above = (bound: Bound): Expr => compared(bound.isIn ? "gt" : "ge", bound);
  for (const low of lows) yield { inside: compared(low.isIn ? "ge" : "gt", low), outside: below(low) };
  for (const high of highs) yield { inside: compared(high.isIn ? "le" : "lt", high), outside: above(high) };
  for (const low of lows)
    for (const high of highs) yield { inside: betweenOf(of, low, high), outside: either(below(low), above(high)) };
}

const betweenOf = (of: Expr, low: Bound, high: Bound): Expr => ({
  op: "between",
  of,
  low: constant(low.value),
  high: constant(high.value),
  bounds: `${low.isIn ? "[" : "("}${high.isIn ? "]" : ")"}`,
});

function extremes(values: readonly PyValue[]): { readonly low: number; readonly high: number } | undefined {
  const numbers = values.flatMap((value) => numberIn(value) ?? []);
  return numbers.length === 0 ? undefined : { low: Math.min(...numbers), high: Math.max(...numbers) };
}

interface Bound {
  readonly value: PyValue;
  /** Whether the bound itself belongs to the inside. */
  readonly isIn: boolean;
}

/** Where the line between two numbers may lie: at the roundest number there, or at either. */
function boundsBetween(low: number, high: number): readonly Bound[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  const places = [...new Set([roundest(low, high), low, high])];
  return places.flatMap((place) => [true, false].map((isIn) => ({ value: asWritten(place), isIn })));
}

/** The number with the fewest decimals from `low` to `high`. */
function roundest(low: number, high: number): number {
  for (let digits = 0; digits < 15; digits += 1) {
    const found = Number((Math.ceil(low * 10 ** digits) / 10 ** digits).toFixed(digits));
    if (found >= low && found <= high) return found;
  }
  return low;
}

const asWritten = (value: number): PyValue => (Number.isInteger(value) ? value : float(value));

const MOST_LISTED = 24;

/**
 * A closed list of values that the engine was seen to do it for. A list of those for which it does not is made only
 * where annotations name them: an engine knows names that nobody tried.
 */
function* lists(of: Expr, { firing, silent, isNamed = false }: FieldEvidence): Generator<Expr> {
  const scalar = not({ op: "type", of, classes: ["list", "dict", "set"] });
  const fires = plain(firing).slice(0, MOST_LISTED);
  if (fires.length > 1) yield both(scalar, { op: "in", args: [of, constant(tuple(fires))] });
  if (!isNamed) return;
  const left = { op: "notIn", args: [of, constant(tuple(plain(silent)))] } as const;
  yield both(scalar, left);
  yield both({ op: "type", of, classes: ["str"] }, left);
}

/** Values that a source may compare with, each once. */
function plain(values: readonly PyValue[]): readonly PyValue[] {
  const found = values.filter(
    (value) => typeof value !== "object" || value === null || (isFloat(value) && Number.isFinite(value.value)),
  );
  return [...new Map(found.map((value) => [valueKey(value), value])).values()];
}

const ORDERS = ["lt", "le", "gt", "ge", "eq", "ne"] as const;

/** Conditions on two numeric fields together. */
export function* conditionsOnPair(a: string, b: string): Generator<Expr> {
  const numbers = [a, b].map((path): Expr => ({ op: "type", of: { op: "field", path }, classes: ["int", "float"] }));
  const [left, right] = [a, b].map((path): Expr => ({ op: "field", path })) as [Expr, Expr];
  for (const op of ORDERS) yield both(...numbers, { op, args: [left, right] });
  for (const [over, under] of [
    [left, right],
    [right, left],
  ] as const)
    yield both(
      ...numbers,
      { op: "ne", args: [under, constant(0)] },
      { op: "ne", args: [{ op: "mod", args: [over, under] }, constant(0)] },
    );
}
