import { isUnknown } from "../outcome.ts";
import { equals } from "../values/equality.ts";
import { order } from "../values/ordering.ts";
import { truthiness } from "../values/truthiness.ts";
import { binary, total, unary, type Operator } from "./operator.ts";

/** Names of the comparisons. */
export type ComparisonName = "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "notNone" | "truthy";

/** Equality, ordering and the two plain tests of one value. */
export const COMPARISON: Readonly<Record<ComparisonName, Operator>> = {
  eq: total(binary("($1 == $2)", "equal; numbers by value, whatever their types", equals)),
  ne: total(
    binary("($1 != $2)", "not equal", (a, b) => {
      const equal = equals(a, b);
      return isUnknown(equal) ? equal : !equal;
    }),
  ),
  lt: binary("($1 < $2)", "less; TypeError for types without a common order", (a, b) => order("lt", a, b)),
  le: binary("($1 <= $2)", "less or equal", (a, b) => order("le", a, b)),
  gt: binary("($1 > $2)", "greater", (a, b) => order("gt", a, b)),
  ge: binary("($1 >= $2)", "greater or equal", (a, b) => order("ge", a, b)),
  notNone: total(unary("($1 is not None)", "any value but None", (a) => a !== null)),
  truthy: total(unary("bool($1)", "Python's truth of a value", truthiness)),
};
