import type { Interval } from "../reading.ts";
import { normalQuantile, studentQuantile } from "./distributions.ts";
import { mean, standardDeviation } from "./summary.ts";

/** A mean with what is known of its error. */
export interface MeanEstimate {
  readonly mean: number;
  /** Variance of the mean, as its own observations show it. */
  readonly variance: number;
  /** Degrees of freedom of that variance. */
  readonly degrees: number;
  /** Standard uncertainty, in the unit of the mean, by which its level moves unseen by the observations. */
  readonly wander: number;
  readonly n: number;
}

/**
 * How far the level of one load moves within a minute without showing in a shorter stretch, as a relative standard
 * deviation: the largest of means over 5 s on the constant loads that were recorded on an H100 and an H200, 0.05 to 0.13 % of the
 * energy of a token and 0.01 to 0.16 % of the tokens a second (`pnpm bench:gpu`).
 */
export const WANDER_WITHIN_LOAD: Readonly<Record<"energy" | "throughput", number>> = {
  energy: 0.0013,
  throughput: 0.0016,
};

/** The mean of independent repeats, Student's t; `undefined` below two. */
export function meanOfRepeats(values: readonly number[]): MeanEstimate | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  return { mean: mean(values), variance: standardDeviation(values) ** 2 / n, degrees: n - 1, wander: 0, n };
}

/** Fewest low frequencies that a variance is taken from: one alone has a t of 12.7. */
const MIN_WAVES = 2;

/** How many low frequencies of n consecutive values show the variance of their mean: 0.4 n^(2/3) (Lazarus et al. 2018). */
export const stretchDegrees = (n: number): number =>
  Math.min(n - 1, Math.max(MIN_WAVES, Math.round(0.4 * n ** (2 / 3))));

/**
 * The mean of values that follow one another and may depend on their neighbours or drift, as the windows of one load do;
 * `undefined` below two. The variance of their mean is that of their slowest cosine waves (equal-weighted cosine
 * estimator: Lazarus, Lewis, Stock and Watson, Journal of Business & Economic Statistics 36, 2018), each of which is
 * one degree of freedom: exact for independent normal values, and far less narrow than Student's t for others.
 * @param wander relative standard uncertainty of what moves too slowly to show, {@link WANDER_WITHIN_LOAD} for windows
 */
export function meanOfStretch(values: readonly number[], wander: number): MeanEstimate | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const centre = mean(values);
  const deviations = values.map((value) => value - centre);
  const degrees = stretchDegrees(n);
  let power = 0;
  for (let wave = 1; wave <= degrees; wave++) power += cosineWeight(deviations, wave) ** 2;
  return { mean: centre, variance: power / degrees / n, degrees, wander: wander * Math.abs(centre), n };
}

/** Projection on the cosine wave of so many half periods (DCT-II, orthonormal). */
function cosineWeight(values: readonly number[], wave: number): number {
  const n = values.length;
  let sum = 0;
  values.forEach((value, index) => (sum += value * Math.cos((Math.PI * wave * (index + 0.5)) / n)));
  return sum * Math.sqrt(2 / n);
}

/** How far an estimate may lie from the truth on either side, at a level of confidence. */
export function halfWidth({ variance, degrees, wander }: Omit<MeanEstimate, "mean" | "n">, level: number): number {
  const p = (1 + level) / 2;
  const seen = variance === 0 ? 0 : studentQuantile(p, degrees) * Math.sqrt(variance);
  return Math.hypot(seen, wander === 0 ? 0 : normalQuantile(p) * wander);
}

/** 95 % interval of the mean of consecutive values, as {@link meanOfStretch} estimates it; `undefined` below two. */
export function stretchInterval(values: readonly number[], wander: number): Interval | undefined {
  const estimate = meanOfStretch(values, wander);
  if (estimate === undefined) return undefined;
  const half = halfWidth(estimate, 0.95);
  return {
    level: 0.95,
    low: estimate.mean - half,
    high: estimate.mean + half,
    method: estimate.degrees === values.length - 1 ? "student-t" : "cosine-t",
  };
}
