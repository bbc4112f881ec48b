import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  FACT_GROUPS,
  measured,
  nanoseconds,
  unavailable,
  type ExperimentResult,
  type RequestTimeline,
} from "@lem/domain";
import { recomputeEnergy, recomputeLoad, type EngineSteps, type Measurement, type Recording } from "@lem/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rawResultPaths, type RawResultPaths } from "../../src/results/layout.ts";
import { recomputeResults } from "../../src/results/recompute.ts";
import { readStepsParquet } from "../../src/results/steps-parquet.ts";
import { storeResult } from "../../src/results/store.ts";

let root: string;
let paths: RawResultPaths;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-recompute-"));
  paths = rawResultPaths(root, { id: "x", cycle: 1, rank: 0 });
  mkdirSync(paths.folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const BEGIN = 9_007_199_254_000_001;
const SECONDS = 20;

/** Four lanes of requests, half a second each: 20 ms for the prompt, then a token each 10 ms. */
const timelines = Array.from({ length: 4 * 2 * SECONDS }, (_, request): RequestTimeline => {
  const submitted_ns = Math.floor(request / 4) * 5e8;
  return {
    request,
    window: 1,
    origin_ns: nanoseconds(BEGIN + 1e9),
    submitted_ns: nanoseconds(submitted_ns),
    finished_ns: nanoseconds(submitted_ns + 5e8),
    input_tokens: 100,
    output_tokens: 49,
    output_ids: new Int32Array(49),
    token_ns: Float64Array.from({ length: 49 }, (__, token) => submitted_ns + 2e7 + token * 1e7),
    timing: "token",
    finish: "length",
  };
});

/** The engine's own steps of the same: one for the prompts, then one a token. */
const ends = [...new Set(timelines.flatMap(({ token_ns }) => [...token_ns]))].toSorted((a, b) => a - b);
const steps: EngineSteps = {
  t_ns: Float64Array.from(ends, (end) => end + 1000),
  prompt_tokens: Int32Array.from(ends, (_, step) => (step % 49 === 0 ? 400 : 0)),
  output_tokens: new Int32Array(ends.length).fill(4),
  running: new Int32Array(ends.length).fill(4),
  waiting: new Int32Array(ends.length),
};

function recording(): Recording {
  const t_ns = Float64Array.from({ length: 50 * (SECONDS + 2) }, (_, index) => BEGIN + index * 20_000_000);
  const value = t_ns.map((_, index) => 400 + (index % 7));
  let sum = 0;
  const energy = value.map((watts, index) => (index === 0 ? 0 : (sum += watts * 0.02)));
  const ticks = t_ns.map((_, index) => index).filter((index) => index % 100 === 50);
  return {
    sensor: { domain: "gpu0", device: "board", source: "NVML power samples", relative_gain_error: 0.05 },
    streams: new Map([
      ["power", { t_ns, value }],
      ["energy_counter", { t_ns: ticks.map((at) => t_ns[at] ?? 0), value: ticks.map((at) => energy[at] ?? 0) }],
      ["power_instant", { t_ns: ticks.map((at) => t_ns[at] ?? 0), value: ticks.map((at) => value[at] ?? 0) }],
    ]),
    faults: [],
    lost: null,
    sources: [],
    states: [],
  };
}

const window = {
  window: 1,
  origin_ns: BEGIN + 1e9,
  length_s: SECONDS,
  input_tokens: 400 * 2 * SECONDS,
  output_tokens: 196 * 2 * SECONDS,
  completed: 8 * SECONDS,
  cpu_s: 1,
};
const engine = { name: "vllm", version: "1", devices: ["cpu"] } as const;
const missing = unavailable("no-sensor", "none here");

function resultOf(sections: Partial<ExperimentResult>): ExperimentResult {
  const stored = { windows: [window], engine };
  const load = recomputeLoad(stored, [], { timelines, steps: new Map() });
  return {
    schema_version: 1,
    lem_version: "0",
    experiment_id: "x",
    name: "test",
    status: "completed",
    started_at: "2026-11-22T00:00:00Z",
    finished_at: "2026-11-22T00:00:00Z",
    command: [],
    engine,
    model: null,
    config: { written: {}, resolved: {}, effective: {}, provenance: {}, unchecked: [], corpus: { status: "exact" } },
    environment: { taken_at: "2026-11-22T00:00:00Z", facts: factsOf() },
    workload: null,
    tokens: null,
    throughput: load.throughput,
    latency: load.latency,
    energy: { total_j: missing },
    flops: {},
    flops_method: null,
    memory: {},
    utilisation: {},
    cache: {},
    warmup: null,
    baseline: {},
    phases: [],
    windows: [window],
    thermal: {},
    gaps: [],
    quality: { verdict: "valid", findings: [] },
    failure: null,
    ...sections,
  };
}

const factsOf = (): ExperimentResult["environment"]["facts"] =>
  Object.fromEntries(FACT_GROUPS.map((group) => [group, {}])) as ExperimentResult["environment"]["facts"];

async function store(
  result: ExperimentResult,
  recordings: readonly Recording[],
  told: EngineSteps | null,
): Promise<void> {
  const measurement = {
    windows: [{ record: window, timelines, steps: told }],
    work: { requests: [] },
    samples: recordings.length === 0 ? [] : [{ domain: "gpu0", t_ns: nanoseconds(BEGIN), power_w: 1 }],
    recordings,
    baselines: [],
    reuse: null,
    settling: null,
  } as unknown as Measurement;
  await storeResult({ paths, result, measurement });
}

test("every figure of energy and load comes again from the raw streams", async () => {
  const recordings = [recording()];
  const stored = { windows: [window], engine };
  const load = recomputeLoad(stored, recordings, { timelines, steps: new Map([[1, steps]]) });
  expect(load.steady).toMatchObject({ steady_joules_per_output_token: { status: "measured" } });
  expect(load.engine_phases).toMatchObject({
    prefill_time: {
      value: expect.closeTo(0.02 * 2 * SECONDS, 3) as number,
      source: "steps of the engine, CLOCK_MONOTONIC",
    },
    decode_joules_per_output_token: { status: "measured" },
  });
  const energy = recomputeEnergy(stored, { recordings, idle: [], settling: null });
  await store(resultOf({ ...energy, ...load }), recordings, steps);
  expect(await readStepsParquet(paths.steps)).toEqual(new Map([[1, steps]]));
  const [again] = await recomputeResults(paths.result);
  expect(again).toMatchObject({ without_raw: null, differences: [] });
  expect(again?.figures).toBeGreaterThan(50);
});

test("a figure that was changed by hand is found, and so are steps that were lost", async () => {
  const recordings = [recording()];
  const stored = { windows: [window], engine };
  const load = recomputeLoad(stored, recordings, { timelines, steps: new Map([[1, steps]]) });
  const energy = recomputeEnergy(stored, { recordings, idle: [], settling: null });
  await store(resultOf({ ...energy, ...load }), recordings, steps);
  const text = readFileSync(paths.result, "utf8");
  const result = JSON.parse(text) as { steady: Record<string, unknown> };
  result.steady["steady_power"] = measured({ value: 1, unit: "W", source: "by hand" });
  writeFileSync(paths.result, JSON.stringify(result));
  expect((await recomputeResults(paths.result))[0]?.differences.map(({ path }) => path)).toEqual([
    "steady.steady_power",
  ]);
  writeFileSync(paths.result, text);
  rmSync(paths.steps);
  const lost = (await recomputeResults(paths.result))[0]?.differences.map(({ path }) => path);
  expect(lost).toContain("engine_phases.prefill_time");
});

test("without a sensor the load is computed again, and the reason is told", async () => {
  const load = recomputeLoad({ windows: [window], engine }, [], { timelines, steps: new Map() });
  await store(resultOf(load), [], null);
  const again = { without_raw: "none here", without_load: null, differences: [] };
  expect(await recomputeResults(paths.result)).toMatchObject([again]);
  rmSync(paths.requests);
  const less = { without_raw: "none here", without_load: "requests.parquet is missing", figures: 0, differences: [] };
  expect(await recomputeResults(paths.result)).toMatchObject([less]);
});

test("a result of before these sections were made has none of them compared", async () => {
  await store(resultOf({}), [], null);
  expect(await recomputeResults(paths.result)).toMatchObject([{ differences: [] }]);
});
