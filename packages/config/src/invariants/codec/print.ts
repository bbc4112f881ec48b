import type { JsonValue } from "@lem/domain";
import type { Expr, FormName, OperatorExpr } from "../expression.ts";
import { formFor, formKey } from "../forms/table.ts";
import { OPERATORS } from "../operators/table.ts";
import { encodeLiteral } from "../values/tagged.ts";

/** A predicate in its JSON form; `parsePredicate` reads the same expression back. */
export function printPredicate(expr: Expr): JsonValue {
  if (expr.op === "const") return encodeLiteral(expr.value);
  const form = formFor(expr.op);
  if (form !== undefined) return { [formKey(expr.op as FormName)]: form.print(expr, printPredicate) };
  return printOperator(expr as OperatorExpr);
}

function printOperator({ op, args }: OperatorExpr): JsonValue {
  const [only] = args;
  if (OPERATORS[op].operands === 1 && only !== undefined) return { [op]: printPredicate(only) };
  const items = args.map(printPredicate);
  const bare = op === "list" && args.some((arg) => arg.op !== "const");
  return bare ? items : { [op]: items };
}
