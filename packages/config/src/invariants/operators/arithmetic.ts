import { LIMITS } from "../limits.ts";
import { raises, unknown, type Outcome, type Raises } from "../outcome.ts";
import { floatDivide, floatFloorDivide, floatModulo } from "../values/floats.ts";
import {
  floorDivide,
  integerPower,
  integerResult,
  magnitude,
  modulo,
  repetitions,
  toDouble,
  trueDivide,
} from "../values/integers.ts";
import {
  float,
  int,
  integerOf,
  isBytes,
  isFloat,
  isObject,
  isSequence,
  isSet,
  numberOf,
  type PyInt,
  type PySequence,
  type PyValue,
} from "../values/value.ts";
import { binary, unary, type Operator } from "./operator.ts";

/** Names of the arithmetic operators. */
export type ArithmeticName = "add" | "sub" | "mul" | "div" | "floordiv" | "mod" | "pow" | "neg" | "abs" | "int";

/** Arithmetic of numbers, with what `+`, `-` and `*` mean for texts and containers. */
export const ARITHMETIC: Readonly<Record<ArithmeticName, Operator>> = {
  add: binary("($1 + $2)", "sum; texts, lists and tuples are joined", add),
  sub: binary("($1 - $2)", "difference, of sets too", subtract),
  mul: binary("($1 * $2)", "product; a sequence times an integer is repeated", multiply),
  div: binary(
    "($1 / $2)",
    "true division: always a float",
    (a, b) => numeric([a, b], trueDivide, floatDivide) ?? mismatch("/", a, b),
  ),
  floordiv: binary(
    "($1 // $2)",
    "division rounded towards minus infinity",
    (a, b) => numeric([a, b], floorDivide, floatFloorDivide) ?? mismatch("//", a, b),
  ),
  mod: binary("($1 % $2)", "remainder with the sign of the divisor", remainder),
  pow: binary("($1 ** $2)", "power; of floats unknown, as maths libraries differ", power),
  neg: unary("(-$1)", "negated", (a) =>
    numericOne(
      a,
      (n) =>
        integerResult(
          0,
          n,
          (x, y) => x - y,
          (x, y) => x - y,
        ),
      (n) => -n,
    ),
  ),
  int: unary("int($1)", "whole number of a number or text, towards zero", wholeNumber),
  abs: unary("abs($1)", "magnitude", (a) => numericOne(a, magnitude, Math.abs)),
};

/** The numbers' result: of integers if both are, else of doubles; undefined when one is no number. */
export function numeric(
  [a, b]: readonly [PyValue, PyValue],
  integers: (a: PyInt, b: PyInt) => Outcome,
  doubles: (a: number, b: number) => number | Raises,
): Outcome | undefined {
  const [left, right] = [integerOf(a), integerOf(b)];
  if (left !== undefined && right !== undefined) return integers(left, right);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined || y === undefined) return undefined;
  const [u, v] = [toDouble(x), toDouble(y)];
  if (typeof u !== "number") return u;
  if (typeof v !== "number") return v;
  const result = doubles(u, v);
  return typeof result === "number" ? float(result) : result;
}

function numericOne(a: PyValue, integer: (a: PyInt) => Outcome, double: (a: number) => number): Outcome {
  const whole = integerOf(a);
  if (whole !== undefined) return integer(whole);
  const number = numberOf(a);
  return typeof number === "number" ? float(double(number)) : mismatch("-", a, a);
}

/** No such operation between these types: TypeError, except that an object may define it. */
export const mismatch = (what: string, ...operands: readonly PyValue[]): Outcome =>
  operands.some(isObject) ? unknown("object", what, true) : raises("TypeError");

/** Python's `a + b`. */
export function add(a: PyValue, b: PyValue): Outcome {
  const sum = numeric(
    [a, b],
    (x, y) =>
      integerResult(
        x,
        y,
        (p, q) => p + q,
        (p, q) => p + q,
      ),
    (x, y) => x + y,
  );
  if (sum !== undefined) return sum;
  if (typeof a === "string" && typeof b === "string") return limited(a.length + b.length) ?? a + b;
  if (isSequence(a) && isSequence(b) && a.type === b.type)
    return limited(a.items.length + b.items.length) ?? { type: a.type, items: [...a.items, ...b.items] };
  if (isBytes(a) && isBytes(b)) return limited(a.value.length + b.value.length) ?? { ...a, value: a.value + b.value };
  return mismatch("+", a, b);
}

const limited = (length: number): Outcome | undefined =>
  length > LIMITS.length ? unknown("limit", "length", true) : undefined;

function subtract(a: PyValue, b: PyValue): Outcome {
  const difference = numeric(
    [a, b],
    (x, y) =>
      integerResult(
        x,
        y,
        (p, q) => p - q,
        (p, q) => p - q,
      ),
    (x, y) => x - y,
  );
  if (difference !== undefined) return difference;
  if (!isSet(a) || !isSet(b)) return mismatch("-", a, b);
  return { type: a.type, index: new Map([...a.index].filter(([key]) => !b.index.has(key))) };
}

function multiply(a: PyValue, b: PyValue): Outcome {
  const product = numeric(
    [a, b],
    (x, y) =>
      integerResult(
        x,
        y,
        (p, q) => p * q,
        (p, q) => p * q,
      ),
    (x, y) => x * y,
  );
  if (product !== undefined) return product;
  const times = integerOf(b);
  if (times !== undefined) return repeat(a, times);
  const before = integerOf(a);
  return before === undefined ? mismatch("*", a, b) : repeat(b, before);
}

/** Python counts repetitions in a machine word. */
const MOST_REPETITIONS = 2n ** 63n;

function repeat(value: PyValue, by: PyInt): Outcome {
  if (!(typeof value === "string" || isBytes(value) || isSequence(value))) return mismatch("*", value);
  if (by >= MOST_REPETITIONS || by < -MOST_REPETITIONS) return raises("OverflowError");
  const times = repetitions(by);
  if (typeof value === "string") return limited(value.length * times) ?? repeated(value, times);
  if (isSequence(value)) return repeatItems(value, times);
  return limited(value.value.length * times) ?? { ...value, value: repeated(value.value, times) };
}

const repeated = (text: string, times: number): string => (text === "" ? "" : text.repeat(times));

function repeatItems({ type, items }: PySequence, times: number): Outcome {
  if (items.length === 0) return { type, items };
  return limited(items.length * times) ?? { type, items: Array.from({ length: times }, () => items).flat() };
}

const WHOLE = /^\s*([+-]?[0-9]+(?:_[0-9]+)*)\s*$/;

/** Python refuses to convert more digits than this. */
const MAX_DIGITS = 4000;

function wholeNumber(value: PyValue): Outcome {
  const whole = integerOf(value);
  if (whole !== undefined) return whole;
  if (typeof value === "string") return wholeText(value);
  if (!isFloat(value)) return isBytes(value) ? unknown("untranslated", "int of bytes", true) : mismatch("int", value);
  if (Number.isNaN(value.value)) return raises("ValueError");
  return Number.isFinite(value.value) ? int(BigInt(Math.trunc(value.value))) : raises("OverflowError");
}

/** Digits and blanks of other scripts count in Python too; those texts stay open. */
function wholeText(text: string): Outcome {
  if (text.length > MAX_DIGITS || Array.from(text).some(isUnusual)) return unknown("limit", "int", true);
  const digits = WHOLE.exec(text)?.[1];
  return digits === undefined ? raises("ValueError") : int(BigInt(digits.replaceAll(/[_+]/g, "")));
}

const isUnusual = (character: string): boolean =>
  character > "~" || (character < " " && !"\t\n\v\f\r".includes(character));

/** A text without a place to put a value in takes only what counts as a mapping, or no value at all. */
const leavesOver = (text: PyValue, value: PyValue): boolean =>
  typeof text === "string" &&
  !text.includes("%") &&
  (numberOf(value) !== undefined || value === null || typeof value === "string" || isSet(value));

function remainder(a: PyValue, b: PyValue): Outcome {
  if (leavesOver(a, b)) return raises("TypeError");
  if (typeof a === "string" || isBytes(a)) return unknown("untranslated", "formatting with %", true);
  return numeric([a, b], modulo, floatModulo) ?? mismatch("%", a, b);
}

function power(a: PyValue, b: PyValue): Outcome {
  if (numberOf(a) === undefined || numberOf(b) === undefined) return mismatch("**", a, b);
  const [base, exponent] = [integerOf(a), integerOf(b)];
  if (base !== undefined && exponent !== undefined) return integerPowerOrFloat(base, exponent);
  return unknown("version", "power of floats", true);
}

function integerPowerOrFloat(base: PyInt, exponent: PyInt): Outcome {
  if (exponent >= 0) return integerPower(base, exponent);
  return base === 0 ? raises("ZeroDivisionError") : unknown("version", "power of floats", true);
}
