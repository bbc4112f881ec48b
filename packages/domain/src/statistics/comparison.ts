import { studentQuantile } from "./distributions.ts";
import { mean, standardDeviation } from "./summary.ts";

/** How two sets of repeats differ. */
export interface Comparison {
  /** Mean of the second over mean of the first, minus one. */
  readonly relative: number;
  /** 95 % interval of that difference. */
  readonly low: number;
  readonly high: number;
  /** False: the repeats do not tell the two apart. */
  readonly distinguishable: boolean;
}

/**
 * Compares the means of two sets of independent repeats (Welch's t, variances apart); `undefined` when one has fewer
 * than two. Gains of one sensor cancel in it; between two boards they do not.
 */
export function compareMeans(first: readonly number[], second: readonly number[]): Comparison | undefined {
  if (first.length < 2 || second.length < 2) return undefined;
  const base = mean(first);
  const [a, b] = [first, second].map((values) => standardDeviation(values) ** 2 / values.length) as [number, number];
  const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  const half = a + b === 0 ? 0 : studentQuantile(0.975, degrees) * Math.sqrt(a + b);
  const difference = mean(second) - base;
  const [low, high] = [(difference - half) / base, (difference + half) / base];
  return { relative: difference / base, low, high, distinguishable: low > 0 || high < 0 };
}
