import type { Expr as Predicate } from "@lem/config/invariants";
import { keyOf } from "../modules/class-order.ts";
import { exactTest } from "./classes.ts";
import { dataOf } from "./data.ts";
import { isMemberData } from "./enums.ts";
import { FALSE, isConstant, TRUE } from "./expr/intern.ts";
import { apply, identical, unknown } from "./expr/terms.ts";
import type { State } from "./state.ts";
import { sameValue, type Value } from "./value.ts";

/** `left is right`. */
export function identity(left: Value, right: Value, state: State): Predicate {
  const single = withSingleton(left, right, state) ?? withSingleton(right, left, state);
  if (single !== undefined) return single;
  if (left.kind === "type" || right.kind === "type") return ofTypes(left, right, state);
  if (left.kind === "member" || right.kind === "member") return equality(left, right, state);
  if (sameValue(left, right)) return TRUE;
  return left.kind === "class" && right.kind === "class" ? FALSE : unknown("identity");
}

/** Identity with None, True or False; undefined where the other side is none of them. */
function withSingleton(one: Value, other: Value, state: State): Predicate | undefined {
  if (other.kind !== "data" || !isConstant(other.expr)) return undefined;
  const { value } = other.expr;
  if (value !== null && typeof value !== "boolean") return undefined;
  if (one.kind === "data" || one.kind === "size" || one.kind === "foreign") return identical(dataOf(one, state), value);
  return one.kind === "absent" ? unknown("an unbound name") : FALSE;
}

/** `left == right`. */
export function equality(left: Value, right: Value, state: State): Predicate {
  const members = ofMembers(left, right, state);
  if (members !== undefined) return members;
  if (left.kind === "class" && right.kind === "class") return keyOf(left.cls) === keyOf(right.cls) ? TRUE : FALSE;
  if (left.kind === "type" || right.kind === "type") return ofTypes(left, right, state);
  return apply("eq", dataOf(left, state), dataOf(right, state));
}

/** Members of an Enum that are no texts or numbers are equal to themselves alone. */
function ofMembers(left: Value, right: Value, state: State): Predicate | undefined {
  if (left.kind === "member" && right.kind === "member" && !left.mixed)
    return left.name === right.name && keyOf(left.cls) === keyOf(right.cls) ? TRUE : FALSE;
  if (left.kind === "member" && !left.mixed) return isMemberData(dataOf(right, state), left);
  return right.kind === "member" && !right.mixed ? isMemberData(dataOf(left, state), right) : undefined;
}

/** `type(x) is C`. */
function ofTypes(left: Value, right: Value, state: State): Predicate {
  if (left.kind === "type") return exactTest(left.of, right, state);
  return right.kind === "type" ? exactTest(right.of, left, state) : unknown("a comparison of types");
}
