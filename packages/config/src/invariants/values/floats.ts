import { raises, type Raises } from "../outcome.ts";

/** `a % b` of floats: has the sign of the divisor. */
export function floatModulo(a: number, b: number): number | Raises {
  return b === 0 ? raises("ZeroDivisionError") : modulo(a, b);
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 || Object.is(b, -0) ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** `a // b` of floats, by way of the modulo as CPython does, which decides the rounding. */
export function floatFloorDivide(a: number, b: number): number | Raises {
  if (b === 0) return raises("ZeroDivisionError");
  const rest = a % b;
  const differ = rest !== 0 && rest < 0 !== b < 0;
  const quotient = (a - rest) / b - (differ ? 1 : 0);
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** `a / b` of floats. */
export const floatDivide = (a: number, b: number): number | Raises => (b === 0 ? raises("ZeroDivisionError") : a / b);

/** The sum of floats by Neumaier's compensated summation, as Python 3.12 and later add them. */
export function compensatedSum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(lost) && lost !== 0 ? total + lost : total;
}
