import { measured, unavailable, type Reading } from "../reading.ts";
import { stretchInterval, WANDER_WITHIN_LOAD } from "../statistics/estimate.ts";
import { mean } from "../statistics/summary.ts";
import type { Seconds, Unit } from "../units.ts";

/** The counted work of one measured window. */
export interface WindowWork {
  readonly length_s: Seconds;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Completed requests only; failed work never counts. */
  readonly completed: number;
}

/** The throughput section of a result. */
export interface ThroughputReadings {
  readonly output_tokens_per_second: Reading;
  readonly total_tokens_per_second: Reading;
  readonly requests_per_second: Reading;
}

/** Mean rate over the windows, with the interval between them when there are at least two. */
function rate(windows: readonly WindowWork[], unit: Unit, count: (window: WindowWork) => number): Reading {
  const rates = windows.filter((window) => window.length_s > 0).map((window) => count(window) / window.length_s);
  if (rates.length === 0) return unavailable("not-completed", "no window was completed");
  const interval = stretchInterval(rates, WANDER_WITHIN_LOAD.throughput);
  const parts = {
    value: mean(rates),
    unit,
    source: "counted by the engine over CLOCK_MONOTONIC windows",
    n: rates.length,
  };
  return measured(interval === undefined ? parts : { ...parts, interval });
}

/** Computes the throughput section from the windows. */
export const throughputReadings = (windows: readonly WindowWork[]): ThroughputReadings => ({
  output_tokens_per_second: rate(windows, "token/s", (window) => window.output_tokens),
  total_tokens_per_second: rate(windows, "token/s", (window) => window.input_tokens + window.output_tokens),
  requests_per_second: rate(windows, "request/s", (window) => window.completed),
});
