import type { Expr, OperatorExpr } from "../expression.ts";
import { formFor } from "../forms/table.ts";
import { OPERATORS } from "../operators/table.ts";
import { pythonLiteral } from "./literal.ts";

/**
 * A predicate as a Python expression, which is what it means. Free names: `self` with the fields, `given` (names of the
 * fields that are set), `defaults`, `facts` and `domains` by name, `raises(function, exception)`, `re`, and the classes
 * that type tests name; `unknown(reason)` stands where there is nothing to evaluate.
 */
export function toPython(expr: Expr): string {
  if (expr.op === "const") return pythonLiteral(expr.value);
  const form = formFor(expr.op);
  if (form !== undefined) return form.python(expr, toPython);
  const { op, args } = expr as OperatorExpr;
  return OPERATORS[op].python(args.map(toPython));
}
