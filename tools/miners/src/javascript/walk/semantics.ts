import { float, type Expr } from "@lem/config/invariants";
import { and, either, not, or } from "../../walk/expr/conditions.ts";
import { constant, FALSE, isConstant, NONE, TRUE } from "../../walk/expr/intern.ts";
import { typeOf } from "../../walk/expr/kinds.ts";
import { apply, choose, identical, typed, unknown } from "../../walk/expr/terms.ts";
import { merged, type Data } from "./value.ts";

/*
 * What JavaScript's operators do, said in the predicate language, whose semantics are Python's. A number of JavaScript
 * is an int or a float; `undefined` is None with a condition that tells it from `null`; `true` is no number; ordering
 * converts and never raises; objects and lists are always true. Where no expression says it, `unknown` does.
 */

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
  if (js === "boolean") return typeOf(expr) === "bool" || expr.op === "let" ? expr : apply("truthy", expr);
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

/** A property of a value that is data. An object's own length is no setting. */
export function propertyOf(of: Data, name: string): Data {
  const { expr, js } = of;
  if (js !== undefined || isConstant(expr))
    return name === "length" && typeOf(expr) === "str" ? data(apply("len", expr), "number") : UNDEFINED;
  if (expr.op === "ite")
    return merged(expr.test, propertyOf({ ...of, expr: expr.yes }, name), propertyOf({ ...of, expr: expr.no }, name));
  const held = isDict(of);
  const key = constant(name);
  const without = or(not(held), not(apply("in", key, expr)));
  const plain = { kind: "data", missing: without, js: undefined } as const;
  if (name !== "length") return { ...plain, expr: choose(held, apply("get", expr, key), NONE) };
  const sized = or(isList(of), isA(of, "string"));
  const other = choose(without, NONE, unknown("the length of an object"));
  return { ...plain, expr: choose(sized, apply("len", expr), other), missing: and(not(sized), without) };
}
