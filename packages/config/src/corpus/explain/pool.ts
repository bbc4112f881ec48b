import { childrenOf, int, numberOf, type Expr, type PyFloat, type PyValue } from "../../invariants/index.ts";
import type { ReadRule } from "../entry-rules.ts";
import { fieldsOf } from "./operands.ts";
import type { Part } from "./sight.ts";

/** What parts of predicates come to in the configuration at hand; undefined where that is no value. */
export type ValueOf = (part: Part) => PyValue | undefined;

const ALWAYS: readonly PyValue[] = [true, false, null];

/**
 * Values that a field may be given to satisfy rules: what the rules compare it with, the neighbours of numbers, and
 * the elements of closed lists.
 */
export function poolOf(field: string, rules: readonly ReadRule[], valueOf: ValueOf): readonly PyValue[] {
  const compared = rules.flatMap(({ when }) => comparedWith({ expr: when, bound: [] }, field, valueOf));
  const flat = compared.flatMap((value) => [value, ...elementsOf(value)]);
  const numbers = flat.map(numberOf).filter((number) => typeof number === "number");
  return [...ALWAYS, ...flat, ...neighbours(numbers)];
}

/** Whether a condition asks if a field is true or false: then these two are values to try. */
export function asksForTruth(expr: Expr, field: string): boolean {
  const isField = (of: Expr | undefined): boolean => of?.op === "field" && of.path === field;
  if (expr.op === "is" || expr.op === "isNot") return isField(expr.of) && expr.value !== null;
  if (expr.op === "type" || expr.op === "exactType") return isField(expr.of) && expr.classes.includes("bool");
  const conditions = CONNECTIVES.has(expr.op) || expr.op === "truthy" ? childrenOf(expr) : [];
  return conditions.some(isField) || childrenOf(expr).some((child) => asksForTruth(child, field));
}

/** Numbers below zero that a condition excepts from what it says of a field: -1 for "all" or "none". */
export function exceptionsOf(expr: Expr, field: string): readonly PyValue[] {
  if (expr.op !== "ne") return childrenOf(expr).flatMap((child) => exceptionsOf(child, field));
  const [first, second] = expr.args;
  const value = first?.op === "field" && first.path === field && second?.op === "const" ? second.value : null;
  return Number(numberOf(value) ?? 0) < 0 ? [value] : [];
}

const CONNECTIVES: ReadonlySet<Expr["op"]> = new Set(["all", "any", "not", "ite"]);

function comparedWith({ expr, bound }: Part, field: string, valueOf: ValueOf): readonly PyValue[] {
  if (expr.op === "let")
    return [
      ...comparedWith({ expr: expr.be, bound }, field, valueOf),
      ...comparedWith({ expr: expr.in, bound: [...bound, { as: expr.as, be: expr.be }] }, field, valueOf),
    ];
  if (CONNECTIVES.has(expr.op))
    return childrenOf(expr).flatMap((child) => comparedWith({ expr: child, bound }, field, valueOf));
  if (!fieldsOf({ expr, bound }).has(field)) return [];
  return operandsBeside(field, { expr, bound }).flatMap((part) => valueOf(part) ?? []);
}

/** The largest parts of a condition that do not read the field. */
function operandsBeside(field: string, { expr, bound }: Part): readonly Part[] {
  return childrenOf(expr).flatMap((child) => {
    const part = { expr: child, bound };
    return fieldsOf(part).has(field) ? operandsBeside(field, part) : [part];
  });
}

/** The elements of a container, the keys of a dict. */
function elementsOf(value: PyValue): readonly PyValue[] {
  if (value === null || typeof value !== "object") return [];
  if ("items" in value) return value.items;
  if (value.type === "dict") return [...value.index.values()].map(([key]) => key);
  return "index" in value ? [...value.index.values()] : [];
}

const float = (value: number): PyFloat => ({ type: "float", value });

/** Each number and the integers beside it, as int and float, and the middle between two that follow one another. */
function neighbours(numbers: readonly number[]): readonly PyValue[] {
  const finite = [...new Set(numbers)].filter(Number.isFinite).toSorted((a, b) => a - b);
  const whole = finite.flatMap((number) => [
    Math.floor(number) - 1,
    Math.floor(number),
    Math.ceil(number),
    Math.ceil(number) + 1,
  ]);
  const middles = finite.slice(1).map((number, index) => (number + (finite[index] ?? number)) / 2);
  const ints = whole.filter(Number.isSafeInteger).map((number) => int(BigInt(number)));
  return [...ints, ...[...whole, ...finite, ...middles].map(float)];
}

/** What a value may have been meant to be: the number in a text, a number of the other type. */
export function meantBy(value: PyValue): readonly PyValue[] {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : numberOf(value);
  if (typeof number !== "number" || !Number.isFinite(number) || typeof value === "boolean") return [];
  const whole: readonly PyValue[] = Number.isSafeInteger(number) ? [number] : [];
  return [...whole, float(number)];
}
