import {
  latencyReadings,
  seconds,
  throughputReadings,
  unavailable,
  unavailableDistribution,
  type ExperimentResult,
  type JsonObject,
  type Reading,
  type UnavailableReading,
  type WindowWork,
} from "@lem/domain";
import { energyReadings, missingEnergy } from "./readings/energy.ts";
import { flopReadings, missingFlops, type FlopSection } from "./readings/flops.ts";
import { baselineReadings } from "./readings/baseline.ts";
import { sensorReadings } from "./readings/sensors.ts";
import { gpuActivity, thermalReadings } from "./readings/thermal.ts";
import { missingPhases, phaseReadings } from "./readings/engine-phases.ts";
import { missingSteady, steadyReadings } from "./readings/steady.ts";
import { cacheReadings, memoryReadings, missingState, utilisationReadings } from "./readings/state.ts";
import type { Measurement } from "./measurement.ts";

/** The sections of a result that hold readings. */
export type ReadingSections = Pick<
  ExperimentResult,
  "tokens" | "throughput" | "latency" | "energy" | "memory" | "utilisation" | "cache" | "baseline" | "thermal"
> &
  Required<Pick<ExperimentResult, "sensors" | "steady" | "engine_phases">> &
  FlopSection;

const NO_THERMAL = unavailable("no-sensor", "no GPU was sampled");

/**
 * Turns a measurement into the readings of its result; failed work counts in none of them.
 * @param config the model's shape, for FLOPs
 */
export function readingsOf(measurement: Measurement, config: JsonObject): ReadingSections {
  const { windows, hello, load } = measurement;
  if (windows.length === 0) return missingReadings("no window was completed");
  const timelines = windows.flatMap((window) => window.timelines.filter(({ finish }) => finish !== "cancelled"));
  const records = windows.map((window) => window.record);
  const work = records.map((record): WindowWork => ({ ...record, length_s: seconds(record.length_s) }));
  return {
    tokens: {
      input: records.reduce((sum, record) => sum + record.input_tokens, 0),
      output: records.reduce((sum, record) => sum + record.output_tokens, 0),
    },
    throughput: throughputReadings(work),
    latency: latencyReadings(windows.flatMap((window) => window.timelines)),
    energy: energyReadings(windows, measurement.baselines),
    ...flopReadings({ timelines, records, config, subject: { engine: hello.engine, load } }),
    memory: memoryReadings(windows, load.devices),
    utilisation: {
      ...utilisationReadings(windows, { processors: hello.processors, devices: load.devices }),
      ...activityOf(measurement),
    },
    cache: cacheReadings(windows),
    baseline: baselineReadings(measurement),
    sensors: sensorReadings(measurement.recordings),
    thermal: thermalReadings(measurement),
    steady: steadyReadings(windows, measurement.recordings),
    engine_phases: phaseReadings(windows, measurement.recordings),
  };
}

/** What the sampled GPUs did, where the engine ran on them. */
function activityOf(measurement: Measurement): Readonly<Record<string, Reading>> {
  if (measurement.load.devices.every((device) => /^cpu\b/.test(device))) return {};
  const busy = gpuActivity(measurement, "gpu_busy");
  const tensor = gpuActivity(measurement, "tensor_active");
  return {
    ...(busy === undefined ? {} : { gpu_utilisation: busy }),
    ...(tensor === undefined ? {} : { tensor_active: tensor }),
  };
}

/** The same sections for an experiment that measured nothing: every metric is there, with the reason. */
export function missingReadings(detail: string): ReadingSections {
  const reading: UnavailableReading = unavailable("not-completed", detail);
  const distribution = unavailableDistribution(reading);
  return {
    tokens: null,
    throughput: { output_tokens_per_second: reading, total_tokens_per_second: reading, requests_per_second: reading },
    latency: { ttft: distribution, itl: distribution, tpot: distribution, e2e: distribution },
    energy: missingEnergy(reading),
    ...missingFlops(reading),
    ...missingState(reading),
    baseline: baselineReadings({ baselines: [], reuse: null, windows: [] }),
    sensors: sensorReadings([]),
    thermal: { temperature: NO_THERMAL },
    steady: missingSteady(reading),
    engine_phases: missingPhases(reading),
  };
}
