import { compilePredicate, compileValue } from "./compile/compile.ts";
import type { Expr } from "./expression.ts";
import { SlotTable, type EvaluationInput, type Values } from "./frame.ts";
import type { Outcome, Verdict } from "./outcome.ts";

/** Evaluates one predicate once. To evaluate many, compile them against one {@link SlotTable}. */
export function evaluate(predicate: Expr, input: EvaluationInput, domains?: Values): Verdict {
  const slots = new SlotTable();
  const compiled = compilePredicate(predicate, { slots, domains });
  return compiled(slots.frame(input));
}

/** Evaluates one expression once, for its value. */
export function evaluateValue(expr: Expr, input: EvaluationInput, domains?: Values): Outcome {
  const slots = new SlotTable();
  const compiled = compileValue(expr, { slots, domains });
  return compiled(slots.frame(input));
}
