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
  const low = firstRank(n, (rank) => binomialCdf(rank, n, q) > 0.025) - 1;
  const high = firstRank(n, (rank) => binomialCdf(rank, n, q) >= 0.975);
  const [from, to] = [sorted[low], sorted[high]];
  return from === undefined || to === undefined
    ? undefined
    : { level: 0.95, low: from, high: to, method: "order-statistic" };
}

/** The first of the ranks 0 to n - 1 from which on a property holds; n when it never does. */
function firstRank(n: number, holds: (rank: number) => boolean): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
