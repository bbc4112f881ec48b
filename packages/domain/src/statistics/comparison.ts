import { studentCdf } from "./distributions.ts";
import { halfWidth, meanOfRepeats, type MeanEstimate } from "./estimate.ts";
import { holmAdjusted } from "./holm.ts";
import { mean } from "./summary.ts";

/** How two means differ. */
export interface Comparison {
  /** Second over first, minus one. */
  readonly relative: number;
  /** 95 % interval of that difference. */
  readonly low: number;
  readonly high: number;
  /** Probability of a difference this large between two of the same. */
  readonly p: number;
  /** False: the observations do not tell the two apart (at 5 %). */
  readonly distinguishable: boolean;
}

/** Chance of a false alarm that a comparison, or a whole family of them, allows. */
const LEVEL = 0.05;
/** Halvings of the search for a chance: to 1e-6. */
const CHANCE_STEPS = 20;

type ErrorOfMean = Parameters<typeof halfWidth>[0];

/**
 * Compares two means whose variances may differ (Welch's t, and what wanders unseen in quadrature). A gain that both share
 * cancels; between two boards it does not.
 */
export function compareMeans(first: MeanEstimate, second: MeanEstimate): Comparison {
  const [a, b] = [first.variance, second.variance];
  const degrees = a + b === 0 ? Infinity : (a + b) ** 2 / (a ** 2 / first.degrees + b ** 2 / second.degrees);
  const error = { variance: a + b, degrees, wander: Math.hypot(first.wander, second.wander) };
  return comparisonOf(second.mean - first.mean, first.mean, error);
}

/**
 * Compares repeats that belong together one by one, such as the cycles of two experiments that ran side by side: Student's
 * t of their differences. `undefined` below two pairs, or for unequal numbers.
 */
export function comparePairs(first: readonly number[], second: readonly number[]): Comparison | undefined {
  if (first.length !== second.length) return undefined;
  const differences = meanOfRepeats(second.map((value, index) => value - (first[index] ?? Number.NaN)));
  return differences && comparisonOf(differences.mean, mean(first), differences);
}

function comparisonOf(difference: number, base: number, error: ErrorOfMean): Comparison {
  const half = halfWidth(error, 1 - LEVEL);
  const bounds = [(difference - half) / base, (difference + half) / base] as const;
  return {
    relative: difference / base,
    low: Math.min(...bounds),
    high: Math.max(...bounds),
    p: chanceOf(Math.abs(difference), error),
    distinguishable: Math.abs(difference) > half,
  };
}

/** The chance of a deviation at least this large: one minus the level whose interval just reaches it. */
function chanceOf(deviation: number, error: ErrorOfMean): number {
  const { variance, degrees, wander } = error;
  if (deviation === 0) return 1;
  if (variance === 0 && wander === 0) return 0;
  if (wander === 0) return 2 * studentCdf(-deviation / Math.sqrt(variance), degrees);
  let [low, high] = [0, 1];
  for (let step = 0; step < CHANCE_STEPS; step++) {
    const level = (low + high) / 2;
    if (halfWidth(error, level) < deviation) low = level;
    else high = level;
  }
  return 1 - low;
}

/** One comparison of a family. */
export type FamilyComparison<T extends Comparison> = T & {
  /** Its chance after Holm's correction: `distinguishable` goes by it. */
  readonly adjusted_p: number;
};

/** Corrects comparisons that are read together: among many, some differ by chance (Holm 1979). */
export function correctFamily<T extends Comparison>(comparisons: readonly T[]): readonly FamilyComparison<T>[] {
  const adjusted = holmAdjusted(comparisons.map(({ p }) => p));
  return comparisons.map((comparison, index) => {
    const adjusted_p = adjusted[index] ?? 1;
    return { ...comparison, adjusted_p, distinguishable: comparison.distinguishable && adjusted_p <= LEVEL };
  });
}
