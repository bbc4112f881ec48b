import { describe, expect, it } from "vitest";
import {
  fact,
  measured,
  nanoseconds,
  unavailable,
  type CycleRecord,
  type FigureRepeats,
  type AvailableReading,
  type ExperimentResult,
  type FACT_GROUPS,
  type Reading,
} from "@lem/domain";
import type { Baseline } from "../src/energy/baseline.ts";
import type { BaselineKind } from "../src/energy/idle-span.ts";
import type { Measurement } from "../src/measurement.ts";
import { checkQuality, QUALITY_RULES, recheckQuality } from "../src/quality.ts";
import { readingsOf } from "../src/readings.ts";
import { tinyModel } from "./support/experiment.ts";
import { gpuIn, machineCases, stateOf } from "./support/machine-cases.ts";
import { measurementOf, timelineOf, warmedUp, windowOf } from "./support/measurement.ts";

type Draft = Omit<ExperimentResult, "quality">;

const joules = measured({ value: 5, unit: "J", source: "ring" });
const facts: ExperimentResult["environment"]["facts"] = {
  cpu: { usable_processors: fact(2, "test") },
  os: { load_average_1m: fact(0.5, "test") },
  ...(Object.fromEntries(
    ["memory", "container", "gpu", "software", "repository", "clock"].map((group) => [group, {}]),
  ) as Record<Exclude<(typeof FACT_GROUPS)[number], "cpu" | "os">, Record<string, never>>),
};

const sound = measurementOf([windowOf(0), windowOf(1), windowOf(2)]);

const draftOf = (measurement: Measurement): Draft => ({
  schema_version: 1,
  lem_version: "0",
  experiment_id: "0",
  name: "test",
  status: "completed",
  started_at: "",
  finished_at: "",
  command: [],
  engine: { name: "llama-cpp", version: "3" },
  model: { requested: "m", name: "m", format: "gguf", path: "/m", source: "file", sha256: "00", synthetic: false },
  config: { written: {}, resolved: {}, effective: {}, provenance: {}, unchecked: [], corpus: { status: "exact" } },
  environment: { taken_at: "", facts },
  workload: null,
  ...readingsOf(measurement, tinyModel.config),
  energy: { total_j: joules },
  warmup: measurement.warmup,
  windows: measurement.windows.map(({ record }) => record),
  phases: [],
  gaps: [],
  failure: null,
});

const gapOfKeys = { section: "sampling", entry: null, fields: ["n"], given: { n: 2 }, place: null } as const;

interface Change {
  readonly draft?: Partial<Draft>;
  readonly measurement?: Measurement;
  readonly fallback?: boolean;
}

function check({ draft, measurement = sound, fallback = false }: Change): ReturnType<typeof checkQuality> {
  const reason = { code: "model.no-source", detail: "the hub cannot be reached" } as const;
  const model = { ...tinyModel, ...(fallback ? { fallback: reason } : {}) };
  return checkQuality({ result: { ...draftOf(measurement), ...draft }, measurement, model });
}

const codesOf = (change: Change): readonly string[] => check(change).findings.map(({ code }) => code);
const withThroughput = (reading: Reading): Change => {
  const { throughput } = draftOf(sound);
  return { draft: { throughput: { ...throughput, requests_per_second: reading } } };
};
const requestRate = (value: number): AvailableReading => measured({ value, unit: "request/s", source: "test" });
const torn = timelineOf(0, { output_ids: Int32Array.of(1) });
const chunked = timelineOf(0, { timing: "chunk" });
const { latency } = draftOf(sound);
const upsideDown = { ...latency.itl, p50: measured({ value: 99, unit: "ms", source: "test" }) };
const slow = windowOf(1, { reply: { ...windowOf(1).reply, end_ns: 90e9 } });
const brief = windowOf(0, { reply: { ...windowOf(0).reply, end_ns: 5.9e9 } });
const stalled = timelineOf(0, { token_ns: Float64Array.of(20e6, 30e6, 330e6, 340e6), finished_ns: nanoseconds(341e6) });
const before = timelineOf(1, { submitted_ns: nanoseconds(0), token_ns: Float64Array.of(5e6, 10e6, 15e6, 20e6) });
const late = timelineOf(1, {
  submitted_ns: nanoseconds(31e6),
  token_ns: Float64Array.of(329e6, 331e6, 340e6, 350e6),
  finished_ns: nanoseconds(351e6),
});
const missingJoules = unavailable("no-sensor", "none here");
const record = draftOf(sound);

const { sha256: _, ...unidentified } = record.model as NonNullable<Draft["model"]>;

const rejected = { ...unavailable("read-failed", "gpu0: a gap"), domain: "gpu0", code: "sample-gap" } as const;
const enough: Partial<Draft> = { energy: { total_j: joules } };
const share = (value: number): AvailableReading => measured({ value, unit: "ratio", source: "NVML" });
const idleOf = (kind: BaselineKind, energy_j: number): Baseline => ({
  kind,
  from_ns: 0,
  to_ns: 5e9,
  energy: [{ status: "measured", domain: "gpu0", energy_j, source: "ring", relative_gain_error: 0.05 }],
});

const notReached = {
  status: "not-reached",
  reason: "level-shift",
  series: "power",
  detail: "the power changed",
} as const;
const longWindow = windowOf(0, { reply: { ...windowOf(0).reply, end_ns: 61e9 } });
const growing = measurementOf([{ ...longWindow, record: { ...longWindow.record, steady: notReached } }]);
const instant = { ratio: 1.6, standard_error: 0.02, readings: 12 };
const polled = {
  status: "measured",
  domain: "gpu0",
  energy_j: 9,
  source: "ring",
  relative_gain_error: 0.05,
  instant,
} as const;

const cycleOf = (cycle: number, status: "completed" | "failed" = "completed"): CycleRecord => ({
  cycle,
  status,
  ranks: 1,
  started_at: "2026-11-22T00:00:00Z",
});
const cycles = [cycleOf(1), cycleOf(2), cycleOf(3)];
const apart: FigureRepeats = {
  unit: "J/token",
  n: 3,
  mean: 4,
  median: 2,
  sd: 3,
  cv: 0.75,
  interval: null,
  mean_without_outliers: 2,
  values: [
    [1, 2],
    [2, 2],
    [3, 8],
  ],
  outliers: [{ cycle: 3, value: 8, score: 9 }],
};

/** What makes each rule speak. */
const CASES: Readonly<Record<string, readonly Change[]>> = {
  "quality.impossible-value": [
    withThroughput(requestRate(-1)),
    withThroughput(requestRate(Number.NaN)),
    { draft: { energy: { total_j: joules, mean_power: measured({ value: -1, unit: "W", source: "ring" }) } } },
    { draft: { cache: { kv_cache_use: measured({ value: 1.2, unit: "ratio", source: "engine" }) } } },
    withThroughput({ ...requestRate(1), interval: { level: 0.95, low: 2, high: 1, method: "student-t" } }),
  ],
  "quality.contradiction": [
    { draft: { latency: { ...latency, itl: upsideDown } } },
    { draft: { latency: { ...latency, ttft: latency.e2e, e2e: latency.ttft } } },
    {
      draft: {
        latency: { ...latency, e2e: { ...latency.e2e, max: measured({ value: 7000, unit: "ms", source: "t" }) } },
      },
    },
    { draft: { flops: { ...record.flops, causal_flop: measured({ value: 1e15, unit: "FLOP", source: "test" }) } } },
  ],
  "quality.sum-of-parts": [
    { draft: { tokens: { input: 60, output: 25 } } },
    { draft: { energy: { total_j: joules, "total_j.gpu0": joules, "total_j.cpu": joules } } },
  ],
  "quality.token-mismatch": [
    { measurement: measurementOf([windowOf(0, { timelines: [torn] })]) },
    {
      measurement: {
        ...sound,
        windows: sound.windows.map((each) => ({
          ...each,
          timelines: each.timelines.map((one) => ({ ...one, input_tokens: 11 })),
        })),
      },
      draft: record,
    },
  ],
  "quality.not-completed": [{ draft: { status: "interrupted" } }, { draft: { status: "failed" } }],
  "quality.short-window": [{ measurement: measurementOf([brief]) }],
  "quality.stalled": [{ measurement: measurementOf([windowOf(0, { timelines: [stalled, before] })]) }],
  "quality.oversubscribed-cpu": [{ measurement: { ...sound, load: { ...sound.load, threads: 3 } } }],
  "quality.unsteady-windows": [{ measurement: measurementOf([windowOf(0), slow, windowOf(2)]) }],
  "quality.warmup-not-reached": [{ draft: { warmup: { ...warmedUp, status: "not-reached" } } }],
  "quality.no-warmup": [{ draft: { warmup: { ...warmedUp, status: "skipped" } } }],
  "quality.busy-host": [
    { draft: { environment: { taken_at: "", facts: { ...facts, os: { load_average_1m: fact(2.1, "test") } } } } },
  ],
  "quality.replayed-energy": [{ measurement: { ...sound, sampler: "replay" } }],
  "quality.energy-rejected": [{ measurement: measurementOf([windowOf(0, { energy: [rejected] })]), draft: enough }],
  "quality.idle-drift": [
    { measurement: { ...sound, baselines: [idleOf("bare-before", 500), idleOf("bare-after", 530)] } },
  ],
  "quality.thermal-not-reached": [{ measurement: { ...sound, settling: { status: "not-reached", seconds: 60 } } }],
  "quality.no-steady-state": [{ measurement: growing, draft: enough }],
  "quality.cycles-failed": [
    { draft: { ...enough, repeats: { cycles: [...cycles, cycleOf(4, "failed")], figures: {} } } },
  ],
  "quality.cycle-outlier": [
    { draft: { ...enough, repeats: { cycles, figures: { "energy.joules_per_output_token": apart } } } },
  ],
  "quality.instant-differs": [{ measurement: measurementOf([windowOf(0, { energy: [polled] })]), draft: enough }],
  "quality.throttled": [{ draft: { thermal: { "thermal_slowdown_share.gpu0": share(0.5) } } }],
  "quality.power-capped": [{ draft: { thermal: { power_cap_share: share(1) } } }],
  "quality.sampling-gap": [{ draft: { gaps: [{ kind: "samples", stream: "gpu0", start_ns: 1, length_s: 3 }] } }],
  "quality.cancelled-requests": [
    {
      measurement: measurementOf([windowOf(0, { timelines: [timelineOf(0), timelineOf(1, { finish: "cancelled" })] })]),
    },
  ],
  "quality.reused-prompts": [{ measurement: { ...sound, work: { ...sound.work, distinctInputs: 1 } } }],
  "quality.no-energy": [{ draft: { energy: { total_j: missingJoules } } }],
  "quality.coalesced-stream": [{ measurement: measurementOf([windowOf(0, { timelines: [chunked] })]) }],
  "quality.synthetic-model": [
    { draft: { model: { ...(record.model as NonNullable<Draft["model"]>), synthetic: true } } },
  ],
  "quality.fallback-model": [{ fallback: true }],
  "quality.unidentified-model": [{ draft: { model: unidentified } }],
  "quality.kept-loaded": [
    { draft: { engine: { ...record.engine, kept_loaded: { experiment_id: "a", cycle: 1, age_s: 20 } } } },
  ],
  "quality.unchecked-keys": [{ draft: { config: { ...record.config, unchecked: ["llama-cpp.extra.x"] } } }],
  "quality.changed-keys": [
    { draft: { gaps: [{ ...gapOfKeys, kind: "changed", exception: null, effective: { n: 1 } }] } },
  ],
  "quality.unforeseen-words": [
    { draft: { gaps: [{ ...gapOfKeys, kind: "refused", exception: "ValueError" }] } },
    { draft: { gaps: [{ ...gapOfKeys, kind: "warned", exception: null }] } },
  ],
  ...machineCases(sound, facts),
  "quality.corpus-version": [
    { draft: { config: { ...record.config, corpus: { status: "missing" } } } },
    { draft: { config: { ...record.config, corpus: { status: "other-version", version: "2" } } } },
  ],
};

describe("checkQuality", () => {
  it("finds nothing in a sound result", () => {
    expect(check({})).toEqual({ verdict: "valid", findings: [] });
  });

  it.each(QUALITY_RULES.map((rule) => [rule.code, rule] as const))(
    "has a case for %s, and finds it alone",
    (code, rule) => {
      const cases = CASES[code] ?? [];
      expect(cases.length).toBeGreaterThan(0);
      for (const change of cases) expect(codesOf(change)).toEqual([code]);
      const verdict = { info: "valid", warn: "suspect", invalid: "invalid" }[rule.severity];
      expect(check(cases[0] ?? {}).verdict).toBe(verdict);
    },
  );

  it("takes a pause for the prompt of another request as a part of the work", () => {
    expect(codesOf({ measurement: measurementOf([windowOf(0, { timelines: [stalled, late] })]) })).toEqual([]);
  });

  it("finds no stranger among the engine's own processes, nor where processes are numbered otherwise", () => {
    const processes = [{ pid: 4, memory_b: null }];
    const own = stateOf({ moment: "loaded-before", engine_pids: [3, 4], processes });
    const elsewhere = stateOf({ moment: "loaded-before", engine_pids: [90], processes });
    expect(codesOf({ measurement: { ...sound, recordings: [gpuIn([own, elsewhere])] } })).toEqual([]);
  });

  it("allows what two instruments make of their noise", () => {
    const above_idle_bare_j = measured({ value: -1e-9, unit: "J", source: "ring" });
    expect(codesOf({ draft: { energy: { total_j: joules, above_idle_bare_j, counter_ratio: share(1.01) } } })).toEqual(
      [],
    );
  });

  it("judges an experiment that failed before it measured", () => {
    const result = { ...record, status: "failed" as const, windows: [], tokens: null, warmup: null, model: null };
    const found = checkQuality({ result, measurement: null, model: null });
    expect(found.findings.map(({ code }) => code)).toEqual(["quality.not-completed"]);
  });
});

describe("recheckQuality", () => {
  const stored: ExperimentResult = { ...record, quality: { verdict: "valid", findings: [] } };

  it("leaves a sound result as it is", () => {
    expect(recheckQuality(stored)).toEqual(stored);
  });

  it("finds what was changed in a file, and keeps what was found before", () => {
    const before = { code: "quality.no-warmup", severity: "warn", message: "not warmed up" } as const;
    const edited = {
      ...stored,
      tokens: { input: 1, output: 1 },
      quality: { verdict: "suspect" as const, findings: [before] },
    };
    const { quality } = recheckQuality(edited);
    expect(quality.verdict).toBe("invalid");
    expect(quality.findings.map(({ code }) => code)).toEqual(["quality.sum-of-parts", "quality.no-warmup"]);
    expect(recheckQuality(recheckQuality(edited)).quality).toEqual(quality);
  });
});
