import type { Interval } from "../reading.ts";
import { meanInterval } from "./interval.ts";
import { median, outliersOf, type Outlier } from "./outliers.ts";
import { coefficientOfVariation, mean, standardDeviation } from "./summary.ts";

/** What repeats of one experiment say of a figure. Outliers are named and counted in everything but `mean_without_outliers`. */
export interface RepeatSummary {
  readonly n: number;
  readonly mean: number;
  readonly median: number;
  /** Null below two repeats. */
  readonly sd: number | null;
  readonly cv: number | null;
  readonly interval: Interval | null;
  readonly outliers: readonly Outlier[];
  /** Null where there are no outliers. */
  readonly mean_without_outliers: number | null;
}

/** Summarises independent repeats, the cycles of a study; `undefined` of none. */
export function summarizeRepeats(values: readonly number[]): RepeatSummary | undefined {
  if (values.length === 0) return undefined;
  const outliers = outliersOf(values);
  const far = new Set(outliers.map(({ index }) => index));
  return {
    n: values.length,
    mean: mean(values),
    median: median(values),
    sd: finite(standardDeviation(values)),
    cv: finite(coefficientOfVariation(values)),
    interval: meanInterval(values) ?? null,
    outliers,
    mean_without_outliers: far.size === 0 ? null : mean(values.filter((_, index) => !far.has(index))),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
