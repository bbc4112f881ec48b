import { isConstant } from "../../walk/expr/intern.ts";
import { keyName, type Expression, type ExpressionOf } from "../syntax.ts";
import type { Scope } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** `of.name`, `of[name]` and the same with `?.`. */
export type Member = ExpressionOf<"MemberExpression"> | ExpressionOf<"OptionalMemberExpression">;

/** The name of a property; undefined where only the run tells. */
export function nameOf(walk: Walk, node: Member, at: At): string | undefined {
  const plain = keyName(node.property as never, node.computed);
  if (plain !== undefined || !node.computed) return plain;
  const key = walk.evaluate(node.property as Expression, at);
  if (key.kind !== "data" || !isConstant(key.expr)) return undefined;
  const { value } = key.expr;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The variable of a name in the scopes around. */
export function variableOf(name: string, innermost: Scope): number | undefined {
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.parent) {
    const id = scope.names.get(name);
    if (id !== undefined) return id;
  }
  return undefined;
}
