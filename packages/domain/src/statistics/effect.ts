import { logGamma } from "./distributions.ts";
import { mean, standardDeviation } from "./summary.ts";

/**
 * How many standard deviations two sets of repeats lie apart: Hedges' g, Cohen's d without its bias in few repeats.
 * `undefined` below two repeats, or where both sets have no spread.
 */
export function effectSize(first: readonly number[], second: readonly number[]): number | undefined {
  if (first.length < 2 || second.length < 2) return undefined;
  const degrees = first.length + second.length - 2;
  const [a, b] = [standardDeviation(first) ** 2, standardDeviation(second) ** 2];
  const pooled = Math.sqrt(((first.length - 1) * a + (second.length - 1) * b) / degrees);
  if (pooled === 0) return undefined;
  const unbiased = Math.exp(logGamma(degrees / 2) - logGamma((degrees - 1) / 2)) / Math.sqrt(degrees / 2);
  return (unbiased * (mean(second) - mean(first))) / pooled;
}
