import { float, type Expr } from "@lem/config/invariants";
import { and, either, not, or } from "../../walk/expr/conditions.ts";
import { constant, FALSE, isConstant, sizeOf } from "../../walk/expr/intern.ts";
import { apply, choose, unknown } from "../../walk/expr/terms.ts";
import { becomesNan, isNan, isSomeNumber, NAN, toNumber } from "./numbers.ts";
import { once } from "./once.ts";
import { data, isA, open } from "./semantics.ts";
import type { Data } from "./value.ts";

const INFINITY = constant(float(Infinity));
const NEGATIVE = constant(float(-Infinity));

const ORDER = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const;

/** `a < b` and the like: texts among themselves by their letters, all else as numbers. */
export function ordered(operator: keyof typeof ORDER, a: Data, b: Data): Expr {
  if (a.js === "string" && b.js === "string") return apply(ORDER[operator], a.expr, b.expr);
  const numbers = orderedNumbers(operator, a, b);
  if (a.js !== undefined || b.js !== undefined) return numbers;
  return either(and(isA(a, "string"), isA(b, "string")), unknown("an order of texts"), numbers);
}

function orderedNumbers(operator: keyof typeof ORDER, a: Data, b: Data): Expr {
  const bound = isConstant(b.expr) && typeof b.expr.value === "number" ? b.expr.value : undefined;
  if (operator === ">=" && a.nan !== undefined && bound !== undefined && (a.least ?? -Infinity) >= bound)
    return not(a.nan);
  return inOrder(operator, toNumber(a), toNumber(b));
}

/** Numbers in order, looked at by the cases that they are made of. */
function inOrder(operator: keyof typeof ORDER, a: Expr, b: Expr): Expr {
  if (a === b) return operator === "<" || operator === ">" ? FALSE : isSomeNumber(a);
  const test = commonTest(a, b);
  if (test === undefined) return apply(ORDER[operator], a, b);
  const [yes, no] = [true, false].map((holds) => inOrder(operator, branchOf(a, holds), branchOf(b, holds)));
  return either(test, yes ?? FALSE, no ?? FALSE);
}

/** What two numbers ask alike, or one alone where the other is written down. */
function commonTest(a: Expr, b: Expr): Expr | undefined {
  const tests = [a, b].flatMap((each) => (each.op === "ite" ? [each.test] : isConstant(each) ? [] : [undefined]));
  return tests.every((each) => each === tests[0]) ? tests[0] : undefined;
}

const branchOf = (expr: Expr, holds: boolean): Expr => (expr.op === "ite" ? (holds ? expr.yes : expr.no) : expr);

const ARITHMETIC: Readonly<Record<string, "sub" | "mul" | "div" | "mod">> = {
  "-": "sub",
  "*": "mul",
};

/** Operators that only give numbers; those whose rounding or zero differs stay open, but are numbers. */
export function arithmetic(operator: string, a: Data, b: Data): Data {
  const op = ARITHMETIC[operator];
  if (op === undefined) return open(`the operator ${operator}`, "number");
  return calculated(op, toNumber(a), toNumber(b));
}

/** What is made of a number that nobody knows is such a number; of two constants and a question, one of two constants. */
function calculated(op: "add" | "sub" | "mul" | "div" | "mod", a: Expr, b: Expr): Data {
  const open = [a, b].find((each) => each.op === "unknown");
  if (open !== undefined) return data(open, "number");
  if (isConstant(a) && b.op === "ite" && isConstant(b.yes) && isConstant(b.no))
    return data(choose(b.test, apply(op, a, b.yes), apply(op, a, b.no)), "number");
  return data(apply(op, a, b), "number");
}

/** A number that the program writes, and that leaves NaN what it is, and all else what it is not. */
const isWhole = ({ expr }: Data): boolean => isConstant(expr) && typeof expr.value === "number";

/** `a + b`. */
export function sum(a: Data, b: Data): Data {
  if (a.js === "number" && b.js === "number")
    return { ...calculated("add", a.expr, b.expr), nan: isWhole(b) ? a.nan : undefined };
  return open("a sum or a text", a.js === "string" || b.js === "string" ? "string" : undefined);
}

/** A number that was made, with what is known of it even where it is made of too much to write down. */
function made(expr: Expr, nan: Expr, least?: number): Data {
  return { ...data(sizeOf(expr) > MOST_MADE ? unknown("a number that is made of much") : expr, "number"), nan, least };
}

const MOST_MADE = 300;

/** `Math.floor(of)`. */
export function floor(of: Data): Data {
  const expr = toNumber(of);
  if (expr.op === "unknown") return { ...data(expr, "number"), nan: becomesNan(of) };
  if (isConstant(expr)) return data(apply("floordiv", expr, constant(1)), "number");
  const whole = once([expr], ([value = expr]) => {
    const endless = or(isNan(value), apply("eq", value, INFINITY), apply("eq", value, NEGATIVE));
    return choose(endless, value, apply("int", apply("floordiv", value, constant(1))));
  });
  return made(whole, becomesNan(of), of.least === undefined ? undefined : Math.floor(of.least));
}

/** `Math.max(...)` and `Math.min(...)`: NaN wins. */
export function extreme(op: "max" | "min", given: readonly Data[]): Data {
  const all = given.filter(({ expr }) => expr !== (op === "max" ? NEGATIVE : INFINITY));
  const nan = or(...all.map(becomesNan));
  const least = all.map(leastOf);
  const lows = least.filter((each) => each !== undefined);
  const low = op === "max" ? Math.max(...lows) : Math.min(...lows);
  const isLow = op === "max" ? lows.length > 0 : lows.length === least.length;
  return made(extremeOf(op, all.map(toNumber)), nan, isLow ? low : undefined);
}

function extremeOf(op: "max" | "min", all: readonly Expr[]): Expr {
  const [only] = all;
  if (only === undefined) return op === "max" ? NEGATIVE : INFINITY;
  const open = all.find((each) => each.op === "unknown");
  if (open !== undefined || all.length === 1) return open ?? only;
  return once(all, (exprs) => {
    const tested = exprs.filter((each) => !(isConstant(each) && each !== NAN));
    return choose(or(...tested.map(isNan)), NAN, apply(op, ...exprs));
  });
}

const leastOf = ({ expr, least }: Data): number | undefined =>
  isConstant(expr) && typeof expr.value === "number" ? expr.value : least;
