import { latencyReadings, seconds, throughputReadings, type ExperimentResult, type RequestTimeline } from "@lem/domain";
import type { EngineSteps } from "./engine-steps.ts";
import type { Recording } from "./energy/recording.ts";
import { energiesBetween } from "./energy/window-energy.ts";
import { withSteady } from "./load/with-steady.ts";
import { windowRecord } from "./measure-windows.ts";
import type { ReadingSections } from "./readings.ts";
import { phaseReadings } from "./readings/engine-phases.ts";
import { steadyReadings } from "./readings/steady.ts";
import { ranOnGpu } from "./recompute.ts";

/** What was recorded of the load. */
export interface RawLoad {
  /** The requests of all windows. */
  readonly timelines: readonly RequestTimeline[];
  /** The engine's steps by number of the window; empty when it does not tell of any. */
  readonly steps: ReadonlyMap<number, EngineSteps>;
}

/** Sections of a result that its raw load gives again. */
export type LoadSections = Pick<ReadingSections, "throughput" | "latency" | "steady" | "engine_phases">;

/** Computes what depends on the load again, from the raw streams alone. */
export function recomputeLoad(
  { windows: records, engine }: Pick<ExperimentResult, "windows" | "engine">,
  recordings: readonly Recording[],
  { timelines, steps }: RawLoad,
): LoadSections {
  const requests = Map.groupBy(timelines, ({ window }) => window);
  const about = { gpuExpected: ranOnGpu(engine.devices ?? []) };
  const stored = records.map(({ window, origin_ns, length_s, cpu_s }) => {
    const end_ns = Math.round(origin_ns + length_s * 1e9);
    const own = requests.get(window) ?? [];
    const record = windowRecord(window, own, { origin_ns, end_ns, cpu_s });
    const energy = energiesBetween(recordings, [origin_ns, end_ns], about);
    return { record, end_ns, energy, timelines: own, steps: steps.get(window) ?? null };
  });
  const windows = withSteady(stored, recordings);
  return {
    throughput: throughputReadings(windows.map(({ record }) => ({ ...record, length_s: seconds(record.length_s) }))),
    latency: latencyReadings(timelines),
    steady: steadyReadings(windows, recordings),
    engine_phases: phaseReadings(windows, recordings),
  };
}
