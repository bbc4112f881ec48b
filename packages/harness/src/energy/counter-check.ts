import { pointsBetween, type Recording, pointsOf } from "./recording.ts";
import type { PowerSeries } from "./power-series.ts";

/** The energy counter against the integrated power samples, between two ticks of the counter. */
export interface CounterCheck {
  /** Counter / samples. */
  readonly ratio: number;
  /** Seconds between the two ticks. */
  readonly length_s: number;
  readonly counter_j: number;
  readonly from_ns: number;
  readonly to_ns: number;
}

/** Windows from this length on are checked by the counter: it is read every two seconds, a tick is known to 2 ms. */
export const CHECKED_FROM_S = 5;
/** How far the two sources may differ. */
export const MAX_DISAGREEMENT = 0.02;

/** Compares both sources between the first and the last tick inside an interval; undefined below two ticks. */
export function checkAgainstCounter(
  recording: Recording,
  series: PowerSeries,
  [from, to]: readonly [number, number],
): CounterCheck | undefined {
  const ticks = pointsBetween(pointsOf(recording, "energy_counter"), from, to);
  const [first, last] = [ticks.t_ns[0], ticks.t_ns.at(-1)];
  if (first === undefined || last === undefined || last <= first) return undefined;
  const counter_j = (ticks.value.at(-1) ?? 0) - (ticks.value[0] ?? 0);
  const sampled_j = series.energyUntil(last) - series.energyUntil(first);
  return { ratio: counter_j / sampled_j, length_s: (last - first) / 1e9, counter_j, from_ns: first, to_ns: last };
}

/** True when the counter began anew between two instants. */
export function counterResetBetween(recording: Recording, from: number, to: number): boolean {
  const { value } = pointsBetween(pointsOf(recording, "energy_counter"), from, to);
  return value.some((energy, index) => index > 0 && energy < (value[index - 1] ?? 0));
}
