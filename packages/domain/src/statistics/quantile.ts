import type { Interval } from "../reading.ts";
import { binomialCdf } from "./distributions.ts";

declare const sortedMark: unique symbol;
/** Finite samples in ascending order; quantiles are asked of these only. */
export type SortedSamples = Float64Array & { readonly [sortedMark]: true };

/** Copies samples into ascending order. */
export const sortSamples = (samples: ArrayLike<number>): SortedSamples =>
  Float64Array.from(samples).sort() as SortedSamples;

/**
 * The fewest samples from which a quantile is reported: one sample is expected at or beyond it, n (1 - q) >= 1.
 * p50 from 2, p90 from 10, p95 from 20, p99 from 100, p99.9 from 1000.
 */
export const minimumSamples = (q: number): number => Math.ceil(1 / Math.min(q, 1 - q) - 1e-9);

/** The q-quantile by linear interpolation between order statistics (Hyndman and Fan type 7, NumPy's default). */
export function quantile(sorted: SortedSamples, q: number): number {
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Distribution-free 95 % interval of a quantile between two order statistics (binomial ranks);
 * `undefined` when n is too small for both ranks to exist.
 */
export function quantileInterval(sorted: SortedSamples, q: number): Interval | undefined {
  const n = sorted.length;
  let low = -1;
  while (low + 1 < n && binomialCdf(low + 1, n, q) <= 0.025) low++;
  let high = n - 1;
  while (high >= 0 && binomialCdf(high - 1, n, q) >= 0.975) high--;
  if (low < 0 || binomialCdf(n - 1, n, q) < 0.975) return undefined;
  return { level: 0.95, low: sorted[low] ?? Number.NaN, high: sorted[high] ?? Number.NaN, method: "order-statistic" };
}
