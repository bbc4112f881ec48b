import type { Expr } from "@lem/config/invariants";
import { and, not } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import { apply, identical, unknown } from "../../walk/expr/terms.ts";
import { isSomeNumber } from "./numbers.ts";
import { isA, isNull, truthy } from "./semantics.ts";
import type { Data } from "./value.ts";

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
  if (a.expr === b.expr) return a.js === "number" ? isSomeNumber(a.expr) : TRUE;
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
