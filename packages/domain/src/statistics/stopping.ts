import { meanInterval } from "./interval.ts";
import { mean } from "./summary.ts";

/** When enough repeats were made: an interval as narrow as this, within these numbers of repeats. */
export interface StoppingRule {
  /** Half of the 95 % interval over the mean: 0.01 is "within 1 %". */
  readonly relative: number;
  /** Repeats before the interval is asked at all. */
  readonly least: number;
  readonly most: number;
}

/** Whether another repeat is needed. */
export interface StoppingVerdict {
  readonly status: "precise" | "limit" | "continue";
  /** Half of the interval over the mean; null below two repeats. */
  readonly reached: number | null;
  /** Repeats that the spread so far asks for, at least one more than were made; null where it is unknown or done. */
  readonly expected: number | null;
}

/**
 * The fewest repeats to judge by: an interval of fewer is narrow by chance too often, and stopping picks those out. From
 * here on such intervals hold the true mean in at least 90 % of the cases (test).
 */
export const LEAST_REPEATS = 5;

/** Whether repeats in the order they were made are enough. Pure: the same repeats always give the same verdict. */
export function judgeStopping(values: readonly number[], rule: StoppingRule): StoppingVerdict {
  const n = values.length;
  const reached = precisionOf(values);
  const least = Math.min(rule.most, Math.max(2, rule.least));
  if (reached !== null && reached <= rule.relative && n >= least) return { status: "precise", reached, expected: null };
  if (n >= rule.most) return { status: "limit", reached, expected: null };
  return { status: "continue", reached, expected: expectedRepeats(n, reached, { ...rule, least }) };
}

function precisionOf(values: readonly number[]): number | null {
  const interval = meanInterval(values);
  const centre = mean(values);
  return interval === undefined || centre === 0 ? null : (interval.high - interval.low) / 2 / Math.abs(centre);
}

/** The width of an interval falls with the root of the number of repeats. */
function expectedRepeats(n: number, reached: number | null, { relative, least, most }: StoppingRule): number | null {
  if (reached === null) return null;
  return Math.min(most, Math.max(least, n + 1, Math.ceil(n * (reached / relative) ** 2)));
}
