import {
  compilePredicate,
  compileValue,
  encodeValue,
  isFault,
  isSet,
  SlotTable,
  type Expr,
  type PyValue,
  type Values,
  type Verdict,
} from "@lem/config/invariants";
import { canonicalJson } from "@lem/domain";

/** What the predicates of one class are evaluated against besides the user's input. */
export interface Background {
  /** The constructor's own default per parameter, where it is known. */
  readonly defaults: Values;
  readonly facts: Values;
}

/** One of the four results. */
export type Answer = Verdict["result"];

/** A condition on the user's input, ready to be evaluated many times. */
export function conditionOf(when: Expr, background: Background): (given: Values) => Answer {
  const slots = new SlotTable();
  const compiled = compilePredicate(when, { slots });
  return (declared) => compiled(slots.frame({ declared, ...background })).result;
}

/** An expression over the user's input; undefined where it comes to no known value. */
export function valueOf(expr: Expr, background: Background): (given: Values) => PyValue | undefined {
  const slots = new SlotTable();
  const compiled = compileValue(expr, { slots });
  return (declared) => {
    const outcome = compiled(slots.frame({ declared, ...background }));
    return isFault(outcome) ? undefined : outcome;
  };
}

/** A text that two values share exactly when they are of one type and equal, whatever the order of a set. */
export function valueKey(value: PyValue): string {
  if (!isSet(value)) return canonicalJson(encodeValue(value));
  return `${value.type}${JSON.stringify([...value.index.values()].map(valueKey).toSorted())}`;
}

/** A text that equal inputs share, whatever the order of their fields. */
export const inputKey = (given: Values): string =>
  JSON.stringify([...given].map(([name, value]) => `${name}=${valueKey(value)}`).toSorted());
