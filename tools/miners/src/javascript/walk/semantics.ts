import { float, type Expr } from "@lem/config/invariants";
import { and, either, not, or } from "../../walk/expr/conditions.ts";
import { constant, FALSE, intern, isConstant, NONE, sizeOf, TRUE } from "../../walk/expr/intern.ts";
import { typeOf } from "../../walk/expr/kinds.ts";
import { apply, choose, identical, typed, unknown, variable } from "../../walk/expr/terms.ts";
import type { Data } from "./value.ts";

/*
 * What JavaScript's operators do, said in the predicate language, whose semantics are Python's. A number of JavaScript
 * is an int or a float; `undefined` is None with a condition that tells it from `null`; `true` is no number; ordering
 * converts and never raises; objects and lists are always true. Where no expression says it, `unknown` does.
 */

/** Not a number. */
export const NAN: Expr = constant(float(Number.NaN));
/** Numbers that are made of more stay open: what they are matters less than that they are numbers. */
const MOST_PARTS = 40;

const INFINITY = constant(float(Infinity));

/** A value with nothing behind it. */
export const data = (expr: Expr, js?: Data["js"]): Data => ({ kind: "data", expr, missing: FALSE, js });

/** What a key that is not there has. */
export const UNDEFINED: Data = { kind: "data", expr: NONE, missing: TRUE, js: undefined };
/** The value null. */
export const NULL: Data = data(NONE);

/** A number that the program writes. */
export const number = (value: number): Data => ({
  ...data(constant(Number.isSafeInteger(value) && !Object.is(value, -0) ? value : float(value)), "number"),
  nan: Number.isNaN(value) ? TRUE : FALSE,
  least: value,
});
/** A text that the program writes. */
export const text = (value: string): Data => data(constant(value), "string");
/** A condition as a value. */
export const truth = (condition: Expr): Data => data(condition, "boolean");
/** A value that only the run tells. */
export const open = (what: string, js?: Data["js"]): Data => data(unknown(what), js);

/** Whether a value is null or undefined. */
export const isNull = ({ expr, js }: Data): Expr => (js === undefined ? identical(expr, null) : FALSE);

const TYPES = { number: ["int", "float"], boolean: ["bool"], string: ["str"] } as const;

/** Whether a value is of one of the primitive types. */
export function isA(of: Data, type: "number" | "boolean" | "string"): Expr {
  if (of.js !== undefined) return of.js === type ? TRUE : FALSE;
  if (of.expr.op === "unknown") return of.expr;
  return typed(of.expr, TYPES[type], true);
}

/** Whether a value is a list. */
export const isList = ({ expr, js }: Data): Expr => (js === undefined ? typed(expr, ["list", "tuple"]) : FALSE);
/** Whether a value is an object that is no list. */
export const isDict = ({ expr, js }: Data): Expr => (js === undefined ? typed(expr, ["dict"]) : FALSE);

/** Whether `typeof` gives a name. */
export function typeIs(of: Data, name: string): Expr {
  if (name === "number" || name === "boolean" || name === "string") return isA(of, name);
  if (name === "undefined") return of.missing;
  if (name === "object") return or(and(isNull(of), not(of.missing)), isList(of), isDict(of));
  return FALSE;
}

/** Whether JavaScript takes a value for true. */
export function truthy(of: Data): Expr {
  const { expr, js } = of;
  if (js === "boolean") return typeOf(expr) === "bool" ? expr : apply("truthy", expr);
  if (js === "string") return apply("ne", expr, constant(""));
  if (js === "number") return and(apply("ne", expr, constant(0)), apply("eq", expr, expr));
  if (expr.op === "unknown") return expr;
  if (expr.op === "ite") return either(expr.test, truthy({ ...of, expr: expr.yes }), truthy({ ...of, expr: expr.no }));
  const falsy = or(
    identical(expr, null),
    apply("eq", expr, constant(0)),
    apply("eq", expr, constant("")),
    and(typed(expr, ["float"], true), apply("ne", expr, expr)),
  );
  return not(falsy);
}

/** `Number(of)`. */
export function toNumber(of: Data): Expr {
  const { expr, js, missing } = of;
  if (js === "number") return expr;
  if (js === "boolean") return apply("int", expr);
  if (js === "string") return textNumber(expr);
  if (expr.op === "unknown" || sizeOf(expr) > MOST_PARTS) return unknown("a number that is made of much");
  if (isConstant(expr)) return constantNumber(of);
  const listed = unknown("a list as a number");
  const other = choose(isDict(of), NAN, listed);
  const ofText = choose(isA(of, "string"), textNumber(expr), other);
  const ofNull = choose(isNull(of), choose(missing, NAN, constant(0)), ofText);
  return choose(isA(of, "number"), expr, choose(isA(of, "boolean"), apply("int", expr), ofNull));
}

function constantNumber({ expr, missing }: Data): Expr {
  if (!isConstant(expr)) return expr;
  const { value } = expr;
  if (value === null) return choose(missing, NAN, constant(0));
  if (typeof value === "boolean") return constant(Number(value));
  if (typeof value === "string") return textNumber(expr);
  return typeof value === "number" || typeof value === "bigint" || value.type === "float" ? expr : unknown("a number");
}

/** Texts that JavaScript may read in a way of its own stay open. */
function textNumber(expr: Expr): Expr {
  const like = (pattern: string): Expr => ({ op: "matches", of: expr, pattern });
  if (isConstant(expr) && typeof expr.value === "string") {
    const value = Number(expr.value);
    return Number.isNaN(value) ? NAN : constant(Number.isSafeInteger(value) ? value : float(value));
  }
  const word = choose(like("[^0-9I]+"), NAN, unknown("a text as a number"));
  return choose(like(" *"), constant(0), choose(like("[0-9]{1,15}"), apply("int", expr), word));
}

/** `a === b`. */
export function same(a: Data, b: Data): Expr {
  if (isConstant(a.expr) && !isConstant(b.expr)) return same(b, a);
  if (!isConstant(b.expr)) return sameOpen(a, b);
  const { value } = b.expr;
  if (value === null) return and(isNull(a), b.missing === TRUE ? a.missing : not(a.missing));
  if (typeof value === "boolean") return a.js === "boolean" ? sameTruth(a, value) : identical(a.expr, value);
  if (typeof value === "string") return a.js === undefined || a.js === "string" ? apply("eq", a.expr, b.expr) : FALSE;
  return and(isA(a, "number"), apply("eq", a.expr, b.expr));
}

const sameTruth = (a: Data, value: boolean): Expr => (value ? truthy(a) : not(truthy(a)));

function sameOpen(a: Data, b: Data): Expr {
  if (a.expr === b.expr) return a.js === "number" ? apply("eq", a.expr, a.expr) : TRUE;
  if (a.js === b.js && a.js !== undefined) return apply("eq", a.expr, b.expr);
  return unknown("two values that only the run tells");
}

/** `a == b`. */
export function alike(a: Data, b: Data): Expr {
  const constantNull = (each: Data): boolean => isConstant(each.expr) && each.expr.value === null;
  if (constantNull(b)) return isNull(a);
  if (constantNull(a)) return isNull(b);
  return a.js === b.js && a.js !== undefined ? same(a, b) : unknown("== of unlike values");
}

const ORDER = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const;

/** `a < b` and the like: texts among themselves by their letters, all else as numbers. */
export function ordered(operator: keyof typeof ORDER, a: Data, b: Data): Expr {
  if (a.js === "string" && b.js === "string") return apply(ORDER[operator], a.expr, b.expr);
  if (a.js === undefined && b.js === undefined) return unknown("an order of values of any type");
  const bound = isConstant(b.expr) && typeof b.expr.value === "number" ? b.expr.value : undefined;
  if (operator === ">=" && a.nan !== undefined && bound !== undefined && (a.least ?? -Infinity) >= bound)
    return not(a.nan);
  return apply(ORDER[operator], toNumber(a), toNumber(b));
}

const ARITHMETIC: Readonly<Record<string, "sub" | "mul" | "div" | "mod">> = {
  "-": "sub",
  "*": "mul",
};

/** Operators that only give numbers; those whose rounding or zero differs stay open, but are numbers. */
export function arithmetic(operator: string, a: Data, b: Data): Data {
  const op = ARITHMETIC[operator];
  if (op === undefined) return open(`the operator ${operator}`, "number");
  return data(apply(op, toNumber(a), toNumber(b)), "number");
}

/** `a + b`. */
export function sum(a: Data, b: Data): Data {
  if (a.js === "number" && b.js === "number") return data(apply("add", a.expr, b.expr), "number");
  return open("a sum or a text", a.js === "string" || b.js === "string" ? "string" : undefined);
}

const isNan = (expr: Expr): Expr => apply("ne", expr, expr);

/** When `Number(of)` is NaN. */
function becomesNan(of: Data): Expr {
  const { expr, js, missing, nan } = of;
  if (nan !== undefined) return nan;
  if (js === "number") return isNan(expr);
  if (js === "boolean") return FALSE;
  if (isConstant(expr)) return missing === TRUE || toNumber(of) === NAN ? TRUE : FALSE;
  if (expr.op === "unknown" || js === "string") return unknown("a number of a text");
  const like = (pattern: string): Expr => ({ op: "matches", of: expr, pattern });
  const word = choose(
    like(" *"),
    FALSE,
    choose(like("[0-9]{1,15}"), FALSE, choose(like("[^0-9I]+"), TRUE, unknown("a text"))),
  );
  return or(
    missing,
    isDict(of),
    and(typed(expr, ["float"], true), isNan(expr)),
    and(isA(of, "string"), word),
    and(isList(of), unknown("a list as a number")),
  );
}

/** A number that was made, with what is known of it even where it is made of too much to write down. */
function made(expr: Expr, nan: Expr, least?: number): Data {
  return { ...data(sizeOf(expr) > MOST_MADE ? unknown("a number that is made of much") : expr, "number"), nan, least };
}

const MOST_MADE = 120;

/** A value that is used several times under a name, so that it is written down once. */
function once(all: readonly Expr[], build: (named: readonly Expr[]) => Expr): Expr {
  const names = all.map((expr, place) => (sizeOf(expr) > SHORT ? `n${place}` : undefined));
  const body = build(all.map((expr, place) => (names[place] === undefined ? expr : variable(names[place]))));
  return all.reduceRight<Expr>((inner, be, place) => {
    const as = names[place];
    return as === undefined ? inner : intern({ op: "let", as, be, in: inner });
  }, body);
}

const SHORT = 6;

/** `Math.floor(of)`. */
export function floor(of: Data): Data {
  const expr = toNumber(of);
  if (isConstant(expr)) return data(apply("floordiv", expr, constant(1)), "number");
  const whole = once([expr], ([value = expr]) => {
    const endless = or(isNan(value), apply("eq", value, INFINITY), apply("eq", value, constant(float(-Infinity))));
    return choose(endless, value, apply("int", apply("floordiv", value, constant(1))));
  });
  return made(whole, becomesNan(of), of.least === undefined ? undefined : Math.floor(of.least));
}

/** `Math.max(...)` and `Math.min(...)`: NaN wins. */
export function extreme(op: "max" | "min", all: readonly Data[]): Data {
  const value = once(all.map(toNumber), (exprs) => {
    const tested = exprs.filter((each) => !(isConstant(each) && each !== NAN));
    return choose(or(...tested.map(isNan)), NAN, apply(op, ...exprs));
  });
  const least = all.map(leastOf);
  const lows = least.filter((each) => each !== undefined);
  const low = op === "max" ? Math.max(...lows) : Math.min(...lows);
  const isLow = op === "max" ? lows.length > 0 : lows.length === least.length;
  return made(value, or(...all.map(becomesNan)), isLow ? low : undefined);
}

const leastOf = ({ expr, least }: Data): number | undefined =>
  isConstant(expr) && typeof expr.value === "number" ? expr.value : least;

/** `Number.isFinite(of)`. */
export function isFinite(of: Data): Expr {
  const finite = and(
    apply("eq", of.expr, of.expr),
    apply("ne", of.expr, INFINITY),
    apply("ne", of.expr, constant(float(-Infinity))),
  );
  return and(isA(of, "number"), finite);
}

/** A property of a value that is data. */
export function propertyOf(of: Data, name: string): Data {
  const { expr, js } = of;
  if (js !== undefined || isConstant(expr))
    return name === "length" && js === "string" ? data(apply("len", expr), "number") : UNDEFINED;
  const held = isDict(of);
  const key = constant(name);
  const without = or(not(held), not(apply("in", key, expr)));
  const plain: Data = {
    kind: "data",
    expr: choose(held, apply("get", expr, key), NONE),
    missing: without,
    js: undefined,
  };
  if (name !== "length") return plain;
  const sized = or(isList(of), isA(of, "string"));
  return {
    ...plain,
    expr: choose(sized, apply("len", expr), plain.expr),
    missing: and(not(sized), without),
  };
}
