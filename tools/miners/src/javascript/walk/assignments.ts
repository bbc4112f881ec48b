import type { Expression, ExpressionOf, Located } from "../syntax.ts";
import { isNothing, setMember } from "./members.ts";
import { nameOf, type Member } from "./names.ts";
import { arithmetic, sum } from "./arithmetic.ts";
import { open } from "./semantics.ts";
import { chosen, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** `left = right`, and the operators that put their result back. */
export function assignment(walk: Walk, { operator, left, right }: ExpressionOf<"AssignmentExpression">, at: At): Value {
  if (operator === "=") {
    const value = walk.evaluate(right, at);
    assign(walk, left, value, at);
    return value;
  }
  const old = walk.evaluate(left as Expression, at);
  const added = walk.evaluate(right, at);
  const fresh =
    operator === "??="
      ? chosen(isNothing(old), added, old)
      : operator === "+="
        ? sum(walk.dataOf(old), walk.dataOf(added))
        : arithmetic(operator.slice(0, -1), walk.dataOf(old), walk.dataOf(added));
  assign(walk, left, fresh, at);
  return fresh;
}

function assign(walk: Walk, target: Located, value: Value, at: At): void {
  if (target.type !== "MemberExpression") {
    walk.bind(target, value, at);
    return;
  }
  const member = target as unknown as Member;
  const name = nameOf(walk, member, at);
  if (name !== undefined) setMember(walk.evaluate(member.object as Expression, at), name, value, at);
}

/** `++` and `--`. */
export function update(walk: Walk, { argument }: ExpressionOf<"UpdateExpression">, at: At): Value {
  walk.bind(argument, open("a count", "number"), at);
  return open("a count", "number");
}
