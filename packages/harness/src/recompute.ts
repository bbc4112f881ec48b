import type { ExperimentResult } from "@lem/domain";
import { withReused, type Baseline, type IdleReuse } from "./energy/baseline.ts";
import type { IdleSpan } from "./energy/idle-span.ts";
import type { Recording } from "./energy/recording.ts";
import type { Settling } from "./energy/settling.ts";
import { energiesBetween } from "./energy/window-energy.ts";
import type { Measurement } from "./measurement.ts";
import { energyReadings } from "./readings/energy.ts";
import type { ReadingSections } from "./readings.ts";
import { baselineReadings } from "./readings/baseline.ts";
import { sensorReadings } from "./readings/sensors.ts";
import { thermalReadings } from "./readings/thermal.ts";

/** What was recorded about energy besides the windows, which stand in the result. */
export interface RawEnergy {
  readonly recordings: readonly Recording[];
  readonly idle: readonly IdleSpan[];
  readonly settling: Settling | null;
  /** What an earlier run's idle power was; absent in files of before it could be taken. */
  readonly reuse?: IdleReuse;
}

/** The raw energy of a measurement, as it is stored. */
export const rawEnergyOf = ({ recordings, baselines, reuse, settling }: Measurement): RawEnergy => ({
  recordings,
  idle: baselines
    .slice(reuse?.status === "reused" ? 1 : 0)
    .map(({ kind, from_ns, to_ns }) => ({ kind, from_ns, to_ns })),
  settling,
  reuse,
});

/** True when the engine's model was on a GPU. */
export const ranOnGpu = (devices: readonly string[]): boolean => devices.some((device) => device.startsWith("cuda"));

/** Sections of a result that can be computed again from its raw streams. */
export type EnergySections = Pick<ReadingSections, "energy" | "baseline" | "sensors" | "thermal">;

/** Computes the energy sections of a stored result again, from the raw streams alone. */
export function recomputeEnergy(
  { windows: records, engine }: Pick<ExperimentResult, "windows" | "engine">,
  { recordings, idle, settling, reuse = null }: RawEnergy,
): EnergySections {
  const about = { gpuExpected: ranOnGpu(engine.devices ?? []) };
  const windows = records.map((record) => {
    const end_ns = Math.round(record.origin_ns + record.length_s * 1e9);
    return { record, end_ns, energy: energiesBetween(recordings, [record.origin_ns, end_ns], about) };
  });
  const measured = idle.map((span): Baseline => ({
    ...span,
    energy: energiesBetween(recordings, [span.from_ns, span.to_ns], {}),
  }));
  const baselines = withReused(measured, reuse);
  return {
    energy: energyReadings(windows, baselines),
    baseline: baselineReadings({ baselines, reuse, windows }),
    sensors: sensorReadings(recordings),
    thermal: thermalReadings({ windows, recordings, settling }),
  };
}
