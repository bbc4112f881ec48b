import { float, type Expr } from "@lem/config/invariants";
import { and, either, not } from "../../walk/expr/conditions.ts";
import { constant, FALSE, isConstant, sizeOf, TRUE } from "../../walk/expr/intern.ts";
import { typeOf } from "../../walk/expr/kinds.ts";
import { apply, choose, unknown } from "../../walk/expr/terms.ts";
import { once } from "./once.ts";
import { data, isA, isDict, isList, isNull } from "./semantics.ts";
import type { Data } from "./value.ts";

/** Not a number. */
export const NAN: Expr = constant(float(Number.NaN));

/** Numbers that are made of more stay open: what they are matters less than that they are numbers. */
const MOST_PARTS = 160;

/** `Number(of)`. */
export function toNumber(of: Data): Expr {
  const { expr, js } = of;
  if (js === "number") return expr;
  if (js === "boolean") return apply("int", expr);
  if (js === "string") return textNumber(expr);
  if (typeOf(expr) === "int" || typeOf(expr) === "float") return expr;
  if (isConstant(expr)) return constantNumber(of);
  if (expr.op === "ite")
    return choose(expr.test, toNumber({ ...of, expr: expr.yes }), toNumber({ ...of, expr: expr.no }));
  if (expr.op === "unknown" || sizeOf(expr) > MOST_PARTS) return unknown("a number that is made of much");
  return sizeOf(expr) > 1 ? partNumber(of) : givenNumber(of);
}

/** What is inside of an option is seldom anything else than a number: lists and digits in texts stay open. */
function partNumber(of: Data): Expr {
  return once([of.expr], ([value = of.expr]) => {
    const one = { ...of, expr: value };
    const ofText = choose(isWord(value), NAN, unknown("a text as a number"));
    const other = choose(isA(one, "string"), ofText, choose(isDict(one), NAN, unknown("a list as a number")));
    return converted(one, other);
  });
}

/** An option itself. A list becomes the text of its items first, with commas between them: that of one is that one's. */
function givenNumber(of: Data): Expr {
  const { expr } = of;
  const items = apply("len", expr);
  const item = data(apply("index", expr, constant(0)));
  const isOne = and(isList(of), apply("eq", items, constant(1)));
  const isItself = and(isOne, not(isA(item, "boolean")), not(isList(item)));
  return once([choose(isItself, item.expr, expr)], ([value = expr]) => {
    const one = { ...of, expr: value };
    const nested = and(isOne, isList(item));
    const ofList = choose(
      apply("eq", items, constant(0)),
      constant(0),
      choose(nested, unknown("a list in a list"), NAN),
    );
    const other = choose(isA(one, "string"), textNumber(value), choose(isList(one), ofList, NAN));
    return converted({ ...one, missing: and(of.missing, not(isList(of))) }, other);
  });
}

/** Numbers, truths and null; all else is as told. */
function converted(of: Data, other: Expr): Expr {
  const ofNull = choose(of.missing, NAN, constant(0));
  const ofTruth = choose(isA(of, "boolean"), apply("int", of.expr), choose(isNull(of), ofNull, other));
  return choose(isA(of, "number"), of.expr, ofTruth);
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
  const word = choose(isWord(expr), NAN, unknown("a text as a number"));
  return choose(like(" *"), constant(0), choose(like("[0-9]{1,15}"), apply("int", expr), word));
}

/** A text that certainly is no number: without digits, or with a letter first that no number begins with. */
const isWord = (expr: Expr): Expr => ({ op: "matches", of: expr, pattern: "[^0-9I ][^0-9I]*| *[A-HJ-Za-z_].*" });

/** Whether a number is NaN: it then does not equal itself. */
export const isNan = (expr: Expr): Expr => apply("ne", expr, expr);

/** Whether a number is not NaN: it then equals itself. */
export function isSomeNumber(expr: Expr): Expr {
  if (expr.op === "ite" && (isConstant(expr.yes) || isConstant(expr.no)))
    return either(expr.test, isSomeNumber(expr.yes), isSomeNumber(expr.no));
  return once([expr], ([value = expr]) => apply("eq", value, value));
}

/** When `Number(of)` is NaN. */
export function becomesNan(of: Data): Expr {
  const { expr, js, missing, nan } = of;
  if (nan !== undefined) return nan;
  if (js === "number") return isNan(expr);
  if (js === "boolean") return FALSE;
  if (isConstant(expr)) return missing === TRUE || toNumber(of) === NAN ? TRUE : FALSE;
  if (expr.op === "ite")
    return either(expr.test, becomesNan({ ...of, expr: expr.yes }), becomesNan({ ...of, expr: expr.no }));
  return once([toNumber(of)], ([value = expr]) => isNan(value));
}

/** `Number.isFinite(of)`. */
export function isFinite(of: Data): Expr {
  const finite = and(
    apply("eq", of.expr, of.expr),
    apply("ne", of.expr, constant(float(Infinity))),
    apply("ne", of.expr, constant(float(-Infinity))),
  );
  return and(isA(of, "number"), finite);
}
