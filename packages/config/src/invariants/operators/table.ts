import { ARITHMETIC, type ArithmeticName } from "./arithmetic.ts";
import { COLLECTIONS, type CollectionName } from "./collections.ts";
import { COMPARISON, type ComparisonName } from "./comparison.ts";
import { MEMBERSHIP, type MembershipName } from "./membership.ts";
import type { Operator } from "./operator.ts";
import { TEXT, type TextName } from "./text.ts";

/** Names of all operators that evaluate their operands before anything else. */
export type OperatorName = ComparisonName | ArithmeticName | MembershipName | CollectionName | TextName;

/** All such operators, by family. */
export const OPERATOR_FAMILIES: Readonly<Record<string, Readonly<Record<string, Operator>>>> = {
  Comparison: COMPARISON,
  Membership: MEMBERSHIP,
  Arithmetic: ARITHMETIC,
  Collections: COLLECTIONS,
  Texts: TEXT,
};

/** All such operators, by name. */
export const OPERATORS: Readonly<Record<OperatorName, Operator>> = {
  ...COMPARISON,
  ...MEMBERSHIP,
  ...ARITHMETIC,
  ...COLLECTIONS,
  ...TEXT,
};
