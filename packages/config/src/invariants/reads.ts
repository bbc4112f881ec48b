import type { Expr, OperatorExpr } from "./expression.ts";
import { formFor } from "./forms/table.ts";

/** The operands of an expression. */
export function childrenOf(expr: Expr): readonly Expr[] {
  if (expr.op === "const") return [];
  return formFor(expr.op)?.children(expr) ?? (expr as OperatorExpr).args;
}

/** What a predicate depends on. */
export interface Reads {
  readonly fields: readonly string[];
  readonly facts: readonly string[];
}

/** The fields and facts that a predicate reads, each once, in order of appearance. */
export function readsOf(expr: Expr): Reads {
  const fields = new Set<string>();
  const facts = new Set<string>();
  const open = [expr];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === "field" || next.op === "isSet" || next.op === "isDefault") fields.add(next.path);
    if (next.op === "fact") facts.add(next.name);
    open.push(...childrenOf(next).toReversed());
  }
  return { fields: [...fields], facts: [...facts] };
}
