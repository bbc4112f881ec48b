import { measured, quantile, sortSamples, unavailable, type Reading, type UnavailableReading } from "@lem/domain";

/** The sources of a GPU's power and of its use, by the names under which they are told. */
export const POWER_SOURCES = ["ring", "counter", "instant", "average", "gpm"] as const;
/** One of {@link POWER_SOURCES}. */
export type PowerSource = (typeof POWER_SOURCES)[number];

/** How one source behaves on this machine, found by watching it: cadences depend on driver and board. */
export interface SourceTiming {
  readonly source: PowerSource;
  /** Between two of its values. */
  readonly period: Reading;
  /** From the end of what a value tells of until it can be read. */
  readonly delay: Reading;
  /** What one call takes. */
  readonly call_cost: Reading;
}

/** Why watching an idle machine tells no delay. */
export const NEEDS_A_STEP: UnavailableReading = unavailable(
  "not-applicable",
  "told by a change of load only; a run tells it from its own",
);

/** Changes below which a period is not told. */
const MIN_CHANGES = 3;

/** The median of some durations in nanoseconds, in milliseconds. */
export function medianOf(durations_ns: readonly number[], source: string): Reading {
  if (durations_ns.length === 0) return unavailable("too-few-samples", `${source}: none was seen`);
  const value = quantile(sortSamples(durations_ns), 0.5) / 1e6;
  return measured({ value, unit: "ms", source, n: durations_ns.length });
}

/**
 * The period of a value from the instants at which it was seen to change. A value may be the same twice, so that an
 * interval can be several periods long: the shortest one says how many each holds.
 */
export function changePeriod(changes_ns: readonly number[], source: string): Reading {
  const intervals = changes_ns.slice(1).map((at, index) => at - (changes_ns[index] ?? at));
  if (intervals.length < MIN_CHANGES - 1)
    return unavailable("too-few-samples", `${source}: ${changes_ns.length} changes were seen`);
  const shortest = Math.min(...intervals);
  const periods = intervals.reduce((sum, length) => sum + Math.round(length / shortest), 0);
  const span = intervals.reduce((sum, length) => sum + length, 0);
  return measured({ value: span / periods / 1e6, unit: "ms", source, n: intervals.length });
}
