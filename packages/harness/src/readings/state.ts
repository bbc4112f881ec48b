import {
  isAvailable,
  measured,
  unavailable,
  type ExperimentResult,
  type Reading,
  type UnavailableReading,
  type Unit,
} from "@lem/domain";
import type { MeasuredWindow } from "../measurement.ts";

type StateSections = Pick<ExperimentResult, "memory" | "utilisation" | "cache">;

const NO_WINDOW = unavailable("not-completed", "no window was completed");

const NO_DEVICE = unavailable("not-applicable", "the model was on no device but the processor");

/** Names that engines give to a model's place; some say more of a processor than `cpu`, as `cpu:0`. */
const onProcessorOnly = (devices: readonly string[]): boolean =>
  devices.length > 0 && devices.every((device) => /^cpu\b/.test(device));

/**
 * Computes the memory section: the largest peak and the time-weighted mean over the windows.
 * @param devices where the model is, as the engine says
 */
export function memoryReadings(
  windows: readonly MeasuredWindow[],
  devices: readonly string[],
): StateSections["memory"] {
  const device = largest(windows, (window) => window.reply.device_peak_b, {
    unit: "B",
    source: "the engine's allocator",
    missing: "the engine does not say how much it allocated on its devices",
  });
  return {
    process_peak: processPeak(windows),
    process_mean: processMean(windows),
    device_peak: !isAvailable(device) && onProcessorOnly(devices) ? NO_DEVICE : device,
  };
}

/** The host's samples and the engine's own peak miss different things: the larger one counts. */
function processPeak(windows: readonly MeasuredWindow[]): Reading {
  const sampled = windows.map((window) => window.memory.peak);
  const own = windows.flatMap((window) => window.reply.process_peak_b ?? []);
  const peaks = [...sampled.filter(isAvailable).map((peak) => peak.value), ...own];
  if (peaks.length === 0) return sampled.find((peak) => !isAvailable(peak)) ?? NO_WINDOW;
  const source = "resident set: the host's samples of the process tree, and the engine's process itself";
  return measured({ value: Math.max(...peaks), unit: "B", source, n: windows.length });
}

function processMean(windows: readonly MeasuredWindow[]): Reading {
  let weighted = 0;
  let length = 0;
  for (const { memory, record } of windows) {
    if (!isAvailable(memory.mean)) return memory.mean;
    weighted += memory.mean.value * record.length_s;
    length += record.length_s;
  }
  const [first] = windows;
  if (first === undefined || !isAvailable(first.memory.mean)) return NO_WINDOW;
  return measured({ value: weighted / length, unit: "B", source: first.memory.mean.source, n: windows.length });
}

/** What the engine could use. */
export interface EngineMeans {
  readonly processors: number;
  readonly devices: readonly string[];
}

/** Computes the utilisation section; shares of the windows' whole length. */
export function utilisationReadings(
  windows: readonly MeasuredWindow[],
  { processors, devices }: EngineMeans,
): StateSections["utilisation"] {
  return {
    cpu_utilisation: cpuUtilisation(windows, processors),
    gpu_utilisation: onProcessorOnly(devices) ? NO_DEVICE : unavailable("not-supported", "no GPU was sampled"),
    batch_occupancy: occupancy(windows),
  };
}

function cpuUtilisation(windows: readonly MeasuredWindow[], processors: number): Reading {
  let cpu = 0;
  let available = 0;
  for (const { record } of windows) {
    if (record.cpu_s === null) return unavailable("not-reported-by-engine", "the engine does not say its CPU seconds");
    cpu += record.cpu_s;
    available += record.length_s * processors;
  }
  const source = `CPU seconds of the engine's processes / (CLOCK_MONOTONIC x ${processors} processors)`;
  return measured({ value: cpu / available, unit: "ratio", source, n: windows.length });
}

/** Mean of the windows, weighted with their length. */
function occupancy(windows: readonly MeasuredWindow[]): Reading {
  let weighted = 0;
  let length = 0;
  for (const { reply, record, timelines } of windows) {
    if (reply.batch_occupancy === null) {
      return timelines.every(({ output_tokens }) => output_tokens < 2)
        ? unavailable("not-applicable", "one output token takes no decode step")
        : unavailable("not-reported-by-engine", "the engine does not say how full its batches were");
    }
    weighted += reply.batch_occupancy * record.length_s;
    length += record.length_s;
  }
  return measured({
    value: weighted / length,
    unit: "ratio",
    source: "counted by the engine's worker",
    n: windows.length,
  });
}

/** Computes the cache section. */
export const cacheReadings = (windows: readonly MeasuredWindow[]): StateSections["cache"] => ({
  kv_cache_use: largest(windows, (window) => window.reply.kv_cache_use, {
    unit: "ratio",
    source: "tokens in the engine's sequences, counted by its worker",
    missing: "the engine does not say how full its KV cache was",
  }),
});

function largest(
  windows: readonly MeasuredWindow[],
  of: (window: MeasuredWindow) => number | null,
  about: { readonly unit: Unit; readonly source: string; readonly missing: string },
): Reading {
  const values = windows.flatMap((window) => of(window) ?? []);
  if (values.length === 0) return unavailable("not-reported-by-engine", about.missing);
  return measured({ value: Math.max(...values), unit: about.unit, source: about.source, n: windows.length });
}

/** The same reason for every metric of memory, utilisation and cache. */
export const missingState = (reading: UnavailableReading): StateSections => ({
  memory: { process_peak: reading, process_mean: reading, device_peak: reading },
  utilisation: { cpu_utilisation: reading, gpu_utilisation: reading, batch_occupancy: reading },
  cache: { kv_cache_use: reading },
});
