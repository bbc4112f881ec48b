import { measured, unavailable, type Reading, type UnavailableReading } from "../reading.ts";
import { meanInterval } from "../statistics/interval.ts";
import { minimumSamples, quantile, quantileInterval, sortSamples, type SortedSamples } from "../statistics/quantile.ts";
import { mean, standardDeviation } from "../statistics/summary.ts";
import type { Unit } from "../units.ts";

/** The quantiles that are stored, by statistic name. */
export const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Names of the statistics of a distribution. */
export type StatisticName = "mean" | "sd" | "min" | "max" | keyof typeof QUANTILES;

/** A distribution as stored: one reading a statistic. */
export type DistributionReadings = Readonly<Record<StatisticName, Reading>>;

/** How a distribution's readings are labelled. */
export interface DistributionLabel {
  readonly unit: Unit;
  readonly source: string;
}

/** Above this many samples the mean's interval is left out: resampling them would cost more than it tells. */
const INTERVAL_LIMIT = 5_000;

/** Summarises samples; quantiles below their minimum n are `too-few-samples`, never extrapolated. */
export function summariseDistribution(samples: ArrayLike<number>, label: DistributionLabel): DistributionReadings {
  if (samples.length === 0)
    return unavailableDistribution(unavailable("too-few-samples", `${label.source}: no samples`));
  const sorted = sortSamples(samples);
  const n = sorted.length;
  const scalar = (value: number): Reading => measured({ value, ...label, n });
  const interval = n <= INTERVAL_LIMIT ? meanInterval([...sorted]) : undefined;
  return {
    mean: measured({ value: mean(sorted), ...label, n, ...(interval === undefined ? {} : { interval }) }),
    sd:
      n < 2
        ? unavailable("too-few-samples", "a standard deviation needs 2 samples")
        : scalar(standardDeviation(sorted)),
    min: scalar(sorted[0] ?? Number.NaN),
    max: scalar(sorted[n - 1] ?? Number.NaN),
    p50: quantileReading(sorted, "p50", label),
    p90: quantileReading(sorted, "p90", label),
    p95: quantileReading(sorted, "p95", label),
    p99: quantileReading(sorted, "p99", label),
  };
}

/** The same reason for every statistic. */
export const unavailableDistribution = (reading: UnavailableReading): DistributionReadings => ({
  mean: reading,
  sd: reading,
  min: reading,
  max: reading,
  p50: reading,
  p90: reading,
  p95: reading,
  p99: reading,
});

function quantileReading(sorted: SortedSamples, name: keyof typeof QUANTILES, label: DistributionLabel): Reading {
  const q = QUANTILES[name];
  const least = minimumSamples(q);
  if (sorted.length < least)
    return unavailable("too-few-samples", `${name} needs ${least} samples, there are ${sorted.length}`);
  const interval = quantileInterval(sorted, q);
  const parts = { value: quantile(sorted, q), ...label, n: sorted.length };
  return measured(interval === undefined ? parts : { ...parts, interval });
}
