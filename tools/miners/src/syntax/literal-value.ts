import { decodeValue, encodeValue, float, list, tuple, type PyValue } from "@lem/config/invariants";
import type { Expr, Literal } from "./expressions.ts";

/** The value of an expression that is made of literals alone; undefined for any other. */
export function valueOfLiteral(expr: Expr): PyValue | undefined {
  switch (expr.kind) {
    case "Constant":
      return plain(expr.literal);
    case "UnaryOp":
      return expr.op === "-" ? negative(valueOfLiteral(expr.operand)) : undefined;
    case "List":
      return mapped(expr.elts, list);
    case "Tuple":
      return mapped(expr.elts, tuple);
    case "Set":
      return mapped(expr.elts, (items) => decodeValue({ $py: "set", value: items.map(encodeValue) }));
    case "Dict":
      return mapped([...expr.keys.flatMap((key) => key ?? expr), ...expr.values], (all) => dictOf(all));
    default:
      return undefined;
  }
}

function mapped(exprs: readonly Expr[], make: (items: PyValue[]) => PyValue): PyValue | undefined {
  const items = exprs.map(valueOfLiteral);
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? make(known) : undefined;
}

/** Keys, then as many values. */
function dictOf(all: readonly PyValue[]): PyValue {
  const count = all.length / 2;
  return decodeValue({
    $py: "dict",
    value: all.slice(0, count).map((key, at) => [encodeValue(key), encodeValue(all[count + at] ?? null)]),
  });
}

function plain(literal: Literal): PyValue | undefined {
  switch (literal.type) {
    case "none":
      return null;
    case "bool":
    case "str":
      return literal.value;
    case "int":
      return Number.isSafeInteger(Number(literal.value)) ? Number(literal.value) : literal.value;
    case "float":
      return float(literal.value);
    default:
      return undefined;
  }
}

function negative(value: PyValue | undefined): PyValue | undefined {
  if (typeof value === "number" || typeof value === "bigint") return -value;
  return typeof value === "object" && value !== null && value.type === "float" ? float(-value.value) : undefined;
}
