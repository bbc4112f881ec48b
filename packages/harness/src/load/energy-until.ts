import type { UnavailableReading } from "@lem/domain";
import type { Recording } from "../energy/recording.ts";
import type { DomainEnergy } from "../energy/sampler.ts";
import { seriesOf } from "../energy/window-energy.ts";
import type { EnergyUntil } from "./load-series.ts";

/** What a window says of its energy. */
export type WindowEnergy = readonly DomainEnergy[] | UnavailableReading;

/** The energy of all recorded domains up to an instant, or why a window has none of every domain. */
export function energyOf(energy: WindowEnergy, recordings: readonly Recording[]): EnergyUntil | UnavailableReading {
  if ("status" in energy) return energy;
  const missing = energy.find((part) => part.status === "unavailable");
  if (missing?.status === "unavailable") {
    const { status, reason, detail } = missing;
    return { status, reason, detail };
  }
  if (recordings.length === 0 || energy.length === 0) return NOT_RECORDED;
  const series = recordings.map(seriesOf);
  return (t_ns) => series.reduce((sum, each) => sum + each.energyUntil(t_ns), 0);
}

const NOT_RECORDED: UnavailableReading = {
  status: "unavailable",
  reason: "not-supported",
  detail: "no sensor of this machine was recorded: a replayed trace is not laid over single steps",
};
