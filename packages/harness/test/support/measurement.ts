import { measured, nanoseconds, unavailable, type RequestTimeline, type WarmupRecord } from "@lem/domain";
import { windowRecord } from "../../src/measure-windows.ts";
import type { MeasuredWindow, Measurement } from "../../src/measurement.ts";

/** A request of 10 input and 4 output tokens: first token after 20 ms, then one each 10 ms. */
export const timelineOf = (request: number, changes: Partial<RequestTimeline> = {}): RequestTimeline => ({
  request,
  window: 0,
  origin_ns: nanoseconds(1e9),
  submitted_ns: nanoseconds(0),
  finished_ns: nanoseconds(51e6),
  input_tokens: 10,
  output_tokens: 4,
  output_ids: Int32Array.of(5, 6, 7, 8),
  token_ns: Float64Array.of(20e6, 30e6, 40e6, 50e6),
  timing: "token",
  finish: "length",
  ...changes,
});

/** A window of six seconds with two such requests; every field can be set. */
export function windowOf(window: number, changes: Partial<Omit<MeasuredWindow, "record">> = {}): MeasuredWindow {
  const timelines = changes.timelines ?? [timelineOf(0, { window }), timelineOf(1, { window })];
  const reply = changes.reply ?? {
    origin_ns: (1 + 10 * window) * 1e9,
    end_ns: (7 + 10 * window) * 1e9,
    cpu_s: 9,
    process_peak_b: 700,
    device_peak_b: null,
    batch_occupancy: 0.5,
    kv_cache_use: 0.25,
  };
  const memory = (value: number): ReturnType<typeof measured> => measured({ value, unit: "B", source: "VmRSS" });
  return {
    end_ns: reply.end_ns,
    memory: { peak: memory(600 + 200 * window), mean: memory(500 + 100 * window) },
    energy: unavailable("no-sensor", "no NVML and no powercap on this host"),
    steps: null,
    ...changes,
    timelines,
    reply,
    record: windowRecord(window, timelines, reply),
  };
}

/** A warm-up that went well. */
export const warmedUp: WarmupRecord = {
  status: "converged",
  runs: 3,
  limit: 9,
  target_cv: 0.05,
  cv: measured({ value: 0.01, unit: "ratio", source: "warm-up" }),
  run_seconds: [1, 1, 1],
};

/** A measurement of the given windows. */
export const measurementOf = (windows: readonly MeasuredWindow[]): Measurement => ({
  hello: { protocol: 1, engine: "fake", engine_version: "1", pid: 1, packages: {}, processors: 2 },
  load: {
    effective: {},
    model: { architecture: "llama", parameters: 1000, dtype: null, context_length: 256, vocabulary: 500 },
    devices: [],
    process_b: null,
    device_b: null,
    load_ns: 1,
  },
  work: {
    requests: [0, 1].map((r) => ({ r, tokens: [r], output_tokens: 4 })),
    groups: [],
    distinctInputs: 2,
    inputIdsSha256: "00",
    source: "builtin:classics",
  },
  warmup: warmedUp,
  windows,
  sampler: null,
  samples: [],
  gaps: [],
  recordings: [],
  baselines: [],
  reuse: null,
  settling: null,
  phases: [],
  stopped: null,
});
