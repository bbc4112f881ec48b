import { measured, unavailable, type Reading, type UnavailableReading } from "../reading.ts";
import { meanInterval } from "../statistics/interval.ts";
import { minimumSamples, quantile, quantileInterval, sortSamples, type SortedSamples } from "../statistics/quantile.ts";
import { mean, standardDeviation } from "../statistics/summary.ts";
import type { Unit } from "../units.ts";

/** The quantiles that are stored, by statistic name. */
export const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

type QuantileName = keyof typeof QUANTILES;

/** Names of the statistics of a distribution. */
export type StatisticName = "mean" | "sd" | "min" | "max" | QuantileName;

/** A distribution as stored: one reading a statistic. */
export type DistributionReadings = Readonly<Record<StatisticName, Reading>>;

/** How a distribution's readings are labelled. */
export interface DistributionLabel {
  readonly unit: Unit;
  readonly source: string;
}

/** What the samples are to one another. */
export interface SampleKind {
  /** Samples that depend on one another get no interval: n would promise more than they know. */
  readonly independent: boolean;
}

/** Summarises samples; quantiles below their minimum n are `too-few-samples`, never extrapolated. */
export function summariseDistribution(
  samples: ArrayLike<number>,
  label: DistributionLabel,
  { independent }: SampleKind = { independent: true },
): DistributionReadings {
  if (samples.length === 0)
    return unavailableDistribution(unavailable("too-few-samples", `${label.source}: no samples`));
  const sorted = sortSamples(samples);
  const n = sorted.length;
  const scalar = (value: number): Reading => measured({ value, ...label, n });
  const interval = independent ? meanInterval([...sorted]) : undefined;
  const at = (name: QuantileName): Reading => quantileReading(sorted, name, { ...label, independent });
  return {
    mean: measured({ value: mean(sorted), ...label, n, ...(interval === undefined ? {} : { interval }) }),
    sd:
      n < 2
        ? unavailable("too-few-samples", "a standard deviation needs 2 samples")
        : scalar(standardDeviation(sorted)),
    min: scalar(sorted[0] ?? Number.NaN),
    max: scalar(sorted[n - 1] ?? Number.NaN),
    p50: at("p50"),
    p90: at("p90"),
    p95: at("p95"),
    p99: at("p99"),
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

function quantileReading(
  sorted: SortedSamples,
  name: QuantileName,
  { unit, source, independent }: DistributionLabel & SampleKind,
): Reading {
  const q = QUANTILES[name];
  const [least, n] = [minimumSamples(q), sorted.length];
  if (n < least) return unavailable("too-few-samples", `${name} needs ${least} samples, there are ${n}`);
  const interval = independent ? quantileInterval(sorted, q) : undefined;
  const parts = { value: quantile(sorted, q), unit, source, n };
  return measured(interval === undefined ? parts : { ...parts, interval });
}
