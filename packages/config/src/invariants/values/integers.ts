import { LIMITS } from "../limits.ts";
import { raises, unknown, type Outcome, type Raises } from "../outcome.ts";
import { float, int, type PyInt, type PyValue } from "./value.ts";

const TOO_LONG = unknown("limit", "integer", true);

/** Applies an operation to integers: in doubles where the result is exact, else in big integers. */
export function integerResult(
  a: PyInt,
  b: PyInt,
  small: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): Outcome {
  if (typeof a === "number" && typeof b === "number") {
    const result = small(a, b);
    if (Number.isSafeInteger(result)) return result + 0;
  }
  const left = BigInt(a);
  const right = BigInt(b);
  return bitsOf(left) + bitsOf(right) > LIMITS.bits ? TOO_LONG : int(big(left, right));
}

/** Bits of the magnitude. */
export const bitsOf = (value: bigint): number => (value < 0n ? -value : value).toString(16).length * 4;

/** `a // b` of integers: rounded towards minus infinity. */
export function floorDivide(a: PyInt, b: PyInt): Outcome {
  if (b == 0) return raises("ZeroDivisionError");
  return integerResult(
    a,
    b,
    (x, y) => (x - smallModulo(x, y)) / y,
    (x, y) => (x - bigModulo(x, y)) / y,
  );
}

/** `a % b` of integers: has the sign of the divisor. */
export function modulo(a: PyInt, b: PyInt): Outcome {
  if (b == 0) return raises("ZeroDivisionError");
  return integerResult(a, b, smallModulo, bigModulo);
}

function smallModulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function bigModulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

/** `a / b` of integers: the double nearest to the exact quotient; OverflowError when there is none. */
export function trueDivide(a: PyInt, b: PyInt): Outcome {
  if (b == 0) return raises("ZeroDivisionError");
  if (typeof a === "number" && typeof b === "number") return float(a / b);
  return nearestDouble(BigInt(a), BigInt(b));
}

/** Smallest exponent of a double's last bit. */
const LEAST_EXPONENT = -1074;

function nearestDouble(a: bigint, b: bigint): Outcome {
  const negative = a < 0n !== b < 0n;
  const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (above === 0n) return float(negative ? -0 : 0);
  let exponent = Math.max(LEAST_EXPONENT, binaryLength(above) - binaryLength(below) - 54);
  let mantissa = scaledQuotient(above, below, exponent);
  while (mantissa.quotient >= 1n << 53n) mantissa = scaledQuotient(above, below, ++exponent);
  const magnitude = scale(Number(roundHalfEven(mantissa)), exponent);
  if (!Number.isFinite(magnitude)) return raises("OverflowError");
  return float(negative ? -magnitude : magnitude);
}

const binaryLength = (value: bigint): number => value.toString(2).length;

interface Quotient {
  readonly quotient: bigint;
  readonly rest: bigint;
  readonly divisor: bigint;
}

/** a / (b * 2 ** exponent) */
function scaledQuotient(a: bigint, b: bigint, exponent: number): Quotient {
  const shift = BigInt(Math.abs(exponent));
  const [dividend, divisor] = exponent < 0 ? [a << shift, b] : [a, b << shift];
  return { quotient: dividend / divisor, rest: dividend % divisor, divisor };
}

function roundHalfEven({ quotient, rest, divisor }: Quotient): bigint {
  const twice = rest * 2n;
  if (twice === divisor) return quotient + (quotient % 2n);
  return twice > divisor ? quotient + 1n : quotient;
}

/** value * 2 ** exponent in two exact steps, as 2 ** exponent alone may be no double. */
function scale(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** An int as the double that arithmetic with floats uses; OverflowError beyond their range. */
export function toDouble(value: number | bigint): number | Raises {
  if (typeof value === "number") return value;
  const double = Number(value);
  return Number.isFinite(double) ? double : raises("OverflowError");
}

/** `a ** b` of integers, for exponents from zero on. */
export function integerPower(base: PyInt, exponent: PyInt): Outcome {
  if (base === 0 || base === 1) return exponent == 0 ? 1 : base;
  if (base === -1) return BigInt(exponent) % 2n === 0n ? 1 : -1;
  if (bitsOf(BigInt(base)) * Number(exponent) > LIMITS.bits) return TOO_LONG;
  return int(BigInt(base) ** BigInt(exponent));
}

/** Whether a value is an integer zero or one that Python multiplies sequences by. */
export const repetitions = (value: PyInt): number => Math.max(0, Number(value));

/** The sign-less value. */
export const magnitude = (value: PyInt): PyValue => (value < 0 ? -value : value);
