import { isAvailable, type AvailableReading, type Interval, type Reading } from "./reading.ts";
import { compareMeans, type Comparison } from "./statistics/comparison.ts";
import { studentQuantile } from "./statistics/distributions.ts";
import { stretchDegrees, type MeanEstimate } from "./statistics/estimate.ts";

/**
 * How far the level of two loads of one experiment on one board differs, as a relative standard deviation: that of the
 * recorded loads (`pnpm bench:gpu`). No window of one load shows it.
 */
export const WANDER_BETWEEN_LOADS = 0.003;

/** What two readings share. */
export interface ReadingPair {
  /** True when both are of one sensor, whose gain cancels. */
  readonly sameSensor: boolean;
  /** True when each holds the windows of one load only, as a single run does. */
  readonly singleLoads: boolean;
}

/** Two readings of one metric, compared; or why they cannot be. */
export type ReadingComparison =
  | (Comparison & {
      readonly status: "compared";
      /** What the gains of two sensors leave open, relative; 0 for one sensor. Part of the interval and the verdict. */
      readonly systematic: number;
    })
  | { readonly status: "unknown"; readonly detail: string };

/** Compares two readings by their intervals: between windows, cycles or loads, and between sensors where there are two. */
export function compareReadings(first: Reading, second: Reading, pair: ReadingPair): ReadingComparison {
  for (const [which, reading] of [["first", first] as const, ["second", second] as const]) {
    if (!isAvailable(reading)) return { status: "unknown", detail: `the ${which} is unavailable: ${reading.detail}` };
  }
  const [a, b] = [estimateOf(first as AvailableReading, pair), estimateOf(second as AvailableReading, pair)];
  if (a === undefined || b === undefined)
    return { status: "unknown", detail: "one has no interval: a single window says nothing of its repeats" };
  const found = compareMeans(a, b);
  const systematic = pair.sameSensor ? 0 : Math.hypot(gainOf(first), gainOf(second));
  const [low, high] = [found.low - systematic, found.high + systematic];
  return { status: "compared", ...found, low, high, systematic, distinguishable: low > 0 || high < 0 };
}

const gainOf = (reading: Reading): number => (isAvailable(reading) ? (reading.systematic?.relative ?? 0) : 0);

/** The estimate that an interval was made from, with what separate loads add. */
function estimateOf(
  { value, interval, n = 0 }: AvailableReading,
  { singleLoads }: ReadingPair,
): MeanEstimate | undefined {
  if (interval === undefined || n < 2) return undefined;
  const degrees = degreesOf(interval, n);
  const error = (interval.high - interval.low) / 2 / studentQuantile(0.975, degrees);
  const wander = singleLoads ? WANDER_BETWEEN_LOADS * Math.abs(value) : 0;
  return { mean: value, variance: error ** 2, degrees, wander, n };
}

const degreesOf = ({ method }: Interval, n: number): number => (method === "cosine-t" ? stretchDegrees(n) : n - 1);
