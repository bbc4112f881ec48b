import type { UnavailableReason } from "@lem/domain";
import { CHECKED_FROM_S, checkAgainstCounter, MAX_DISAGREEMENT } from "../energy/counter-check.ts";
import { pointsBetween, pointsOf, type Recording } from "../energy/recording.ts";
import { seriesOf } from "../energy/window-energy.ts";
import type { Stretch } from "./load-series.ts";

/** The energy of one domain between two instants at which its source itself says it. */
export interface TickCut extends Stretch {
  readonly energy_j: number;
  /** What the power samples give between the same instants, where a counter was cut. */
  readonly sampled_j: number | null;
}

/** Why a stretch cannot be cut. */
export interface Uncut {
  readonly reason: UnavailableReason;
  readonly detail: string;
}

/** Fewest seconds between the ticks that cut: the counter is read around one tick every two seconds. */
const SHORTEST_CUT_S = 1.5;

/**
 * Cuts a steady stretch where the energy counter ticked: between its first and last tick the counter says the energy
 * exactly. A domain without a counter of its own is cut at its power samples.
 */
export function cutAtTicks(recording: Recording, { from_ns, to_ns }: Stretch): TickCut | Uncut {
  if (pointsOf(recording, "energy_counter").t_ns.length === 0) return cutAtSamples(recording, { from_ns, to_ns });
  const check = checkAgainstCounter(recording, seriesOf(recording), [from_ns, to_ns]);
  const { domain } = recording.sensor;
  if (check === undefined || check.length_s < SHORTEST_CUT_S)
    return {
      reason: "too-few-samples",
      detail: `${domain}: the steady state holds no two ticks of the energy counter`,
    };
  if (check.length_s >= CHECKED_FROM_S && Math.abs(check.ratio - 1) > MAX_DISAGREEMENT)
    return {
      reason: "read-failed",
      detail: `${domain}: the energy counter gives ${check.ratio.toFixed(3)} times the power samples (sources-disagree)`,
    };
  const { counter_j, ratio } = check;
  return { from_ns: check.from_ns, to_ns: check.to_ns, energy_j: counter_j, sampled_j: counter_j / ratio };
}

function cutAtSamples(recording: Recording, { from_ns, to_ns }: Stretch): TickCut | Uncut {
  const { t_ns } = pointsBetween(pointsOf(recording, "power"), from_ns, to_ns);
  const [first, last] = [t_ns[0], t_ns.at(-1)];
  if (first === undefined || last === undefined || last <= first)
    return {
      reason: "too-few-samples",
      detail: `${recording.sensor.domain}: the steady state holds no two power samples`,
    };
  const series = seriesOf(recording);
  return {
    from_ns: first,
    to_ns: last,
    energy_j: series.energyUntil(last) - series.energyUntil(first),
    sampled_j: null,
  };
}
