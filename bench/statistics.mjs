/** Small summaries for benchmark reports; the intervals are the project's own. */
import { meanInterval, sortSamples, quantile } from "../packages/domain/src/index.ts";

export const quantileOf = (values, share) => quantile(sortSamples(values), share);
export const median = (values) => quantileOf(values, 0.5);

/** Mean with its 95 % interval, rounded for a report. */
export function meanWithInterval(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const interval = meanInterval(values);
  if (interval === undefined) return { mean, low: -Infinity, high: Infinity, half_width: Infinity, n: values.length };
  const { low, high, method } = interval;
  return { mean, low, high, half_width: (high - low) / 2, method, n: values.length };
}
