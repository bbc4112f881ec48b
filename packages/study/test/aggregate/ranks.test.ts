import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAvailable, measured, type ExperimentResult, type Reading } from "@lem/domain";
import type { RawEnergy, Recording } from "@lem/harness";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aggregateResults } from "../../src/aggregate/aggregate.ts";
import { combineRanks, type RankResult } from "../../src/aggregate/ranks.ts";
import { rawResultPaths } from "../../src/results/layout.ts";
import { readRequestsParquet } from "../../src/results/requests-parquet.ts";
import { runStudy } from "../../src/run-study.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";
import { readRawResults } from "../../src/aggregate/read-raw.ts";

/** What one real process measured; the others are made from it, as no engine here runs several. */
let root: string;
let rank: Required<RankResult>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "lem-ranks-"));
  const plan = await tinyPlan({ points: 1, set: ["measurement.windows=2", "workload.n=3"] });
  const { folder } = await runStudy(plan, { resultsDir: join(root, "results"), env: process.env, cwd: root });
  const id = plan.runs[0]?.id ?? "";
  const [raw] = await readRawResults(folder, id);
  if (raw === undefined) throw new Error("the study stored nothing");
  const timelines = await readRequestsParquet(rawResultPaths(folder, { id, cycle: 1, rank: 0 }).requests);
  rank = { result: raw.result, streams: { timelines, energy: null } };
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The same process so many seconds later. */
const later = (seconds: number, more: Partial<ExperimentResult> = {}): RankResult => ({
  ...rank,
  result: {
    ...rank.result,
    windows: rank.result.windows.map((window) => ({ ...window, origin_ns: window.origin_ns + seconds * 1e9 })),
    ...more,
  },
});

const valueOf = (reading: Reading | undefined): number =>
  reading !== undefined && isAvailable(reading) ? reading.value : Number.NaN;

it("of one is its own result", () => {
  expect(combineRanks([rank])).toBe(rank.result);
});

it("adds up work that was done side by side, over the time that all of it spans", () => {
  const two = combineRanks([rank, later(0)]);
  expect(valueOf(two.throughput.output_tokens_per_second)).toBeCloseTo(
    2 * valueOf(rank.result.throughput.output_tokens_per_second),
    6,
  );
  expect(two.tokens).toEqual({
    input: 2 * (rank.result.tokens?.input ?? 0),
    output: 2 * (rank.result.tokens?.output ?? 0),
  });
  expect(two.workload?.requests).toBe(2 * (rank.result.workload?.requests ?? 0));
  expect(valueOf(two.flops["executed_flop"])).toBe(2 * valueOf(rank.result.flops["executed_flop"]));
  expect(two.memory["process_peak"]).toMatchObject({
    status: "modelled",
    value: 2 * valueOf(rank.result.memory["process_peak"]),
  });
});

it("takes the requests of all as one population", () => {
  const { latency } = combineRanks([rank, later(0)]);
  expect(latency.ttft.mean).toMatchObject({ n: 2 * (rank.streams.timelines?.length ?? 0) });
  expect(valueOf(latency.ttft.mean)).toBeCloseTo(valueOf(rank.result.latency.ttft.mean), 9);
  const { streams: _, ...without } = later(0);
  expect(combineRanks([rank, without]).latency.ttft.mean).toMatchObject({
    status: "unavailable",
    reason: "read-failed",
  });
});

it("does not take the requests or the power of some processes for those of all", () => {
  const sampled = { ...rank, streams: { ...rank.streams, energy: boardOf("gpu0", rank.result) } };
  const lost = { ...later(0), streams: { timelines: null, energy: null } };
  const { latency, energy } = combineRanks([sampled, lost]);
  expect(latency.ttft.mean).toMatchObject({ status: "unavailable", reason: "read-failed" });
  expect(energy["total_j"]).toMatchObject({ status: "unavailable", reason: "read-failed" });
});

it("has no rate of processes that worked one after another", () => {
  const { throughput, tokens } = combineRanks([rank, later(3600)]);
  expect(throughput.output_tokens_per_second).toMatchObject({ status: "unavailable", reason: "not-applicable" });
  expect(tokens?.output).toBe(2 * (rank.result.tokens?.output ?? 0));
});

it("leaves what each process has for itself to its own result", () => {
  const { steady = {} } = combineRanks([rank, later(0)]);
  expect(Object.values(steady)).not.toHaveLength(0);
  for (const reading of Object.values(steady)) expect(reading).toMatchObject({ status: "unavailable" });
});

it("is failed where one process failed", () => {
  expect(combineRanks([rank, later(0, { status: "failed" })]).status).toBe("failed");
});

/** A board of 100 W, sampled by a process from a second before its windows to a second after. */
function boardOf(domain: string, { windows }: ExperimentResult, device_id?: string): RawEnergy {
  const from = (windows[0]?.origin_ns ?? 0) - 1e9;
  const last = windows.at(-1);
  const to = (last?.origin_ns ?? 0) + (last?.length_s ?? 0) * 1e9 + 1e9;
  const t_ns = Float64Array.from({ length: Math.ceil((to - from) / 2e7) }, (_, index) => from + index * 2e7);
  const recording: Recording = {
    sensor: { domain, device: "a board", source: "NVML power samples", relative_gain_error: 0.05 },
    streams: new Map([["power", { t_ns, value: t_ns.map(() => 100) }]]),
    faults: [],
    lost: null,
    sources: [],
    states: device_id === undefined ? [] : [stateOf(device_id)],
  };
  return { recordings: [recording], idle: [], settling: null };
}

const stateOf = (device_id: string): Recording["states"][number] => ({
  moment: "loaded-before",
  engine_pids: [],
  t_ns: 0,
  device_id,
  settings: {},
  temperature_c: null,
  clock_mhz: null,
  processes: null,
  ecc: null,
});

it("tells two boards apart that have the same name in two containers", () => {
  const on = (device_id: string): RankResult => ({
    result: { ...rank.result, energy: { total_j: measured({ value: 1, unit: "J", source: "NVML power samples" }) } },
    streams: { ...rank.streams, energy: boardOf("gpu0", rank.result, device_id) },
  });
  const { energy } = combineRanks([on("GPU-a"), on("GPU-b"), on("GPU-a")]);
  expect(valueOf(energy["mean_power"])).toBeCloseTo(200, 0);
  expect(Object.keys(energy)).toEqual(expect.arrayContaining(["total_j.gpu0", "total_j.gpu0-2"]));
});

it("has no rate and no energy of processes on several machines, whose clocks are not one", () => {
  const { environment } = rank.result;
  const boot = { status: "measured", value: "another", source: "/proc" } as const;
  const facts = { ...environment.facts, clock: { ...environment.facts.clock, boot } };
  const elsewhere = later(0, { environment: { ...environment, facts } });
  const sampled = { ...rank, streams: { ...rank.streams, energy: boardOf("gpu0", rank.result) } };
  const { throughput, energy, windows, tokens, latency } = combineRanks([sampled, elsewhere]);
  expect(throughput.output_tokens_per_second).toMatchObject({ detail: expect.stringContaining("several machines") });
  expect(Object.values(energy).every(({ status }) => status === "unavailable")).toBe(true);
  expect([windows, tokens?.output]).toEqual([[], 2 * (rank.result.tokens?.output ?? 0)]);
  expect(valueOf(latency.ttft.mean)).toBeGreaterThan(0);
});

it("counts a board once, however many processes sampled it, and two boards twice", () => {
  const length = rank.result.windows.reduce((sum, { length_s }) => sum + length_s, 0);
  const energy = { ...rank.result.energy, total_j: measured({ value: 1, unit: "J", source: "NVML power samples" }) };
  const on = (domain: string): RankResult => ({
    result: { ...rank.result, energy },
    streams: { ...rank.streams, energy: boardOf(domain, rank.result) },
  });
  const shared = combineRanks([on("gpu0"), on("gpu0")]);
  expect(valueOf(shared.energy["mean_power"])).toBeCloseTo(100, 0);
  expect(valueOf(shared.energy["total_j"])).toBeCloseTo(100 * length, 0);
  const apart = combineRanks([on("gpu0"), on("gpu1")]);
  expect(valueOf(apart.energy["mean_power"])).toBeCloseTo(200, 0);
  const perToken = valueOf(apart.energy["total_j"]) / (apart.tokens?.output ?? 0);
  expect(valueOf(apart.energy["joules_per_output_token"])).toBeCloseTo(perToken, 9);
});

it("is one observation among the cycles", () => {
  const raw = [
    { ...rank, cycle: 1, rank: 0 },
    { ...later(0), cycle: 1, rank: 1 },
    { ...later(60), cycle: 2, rank: 0 },
    { ...later(60), cycle: 2, rank: 1 },
  ];
  const { repeats } = aggregateResults(raw);
  expect(repeats?.cycles.map(({ cycle, ranks }) => [cycle, ranks])).toEqual([
    [1, 2],
    [2, 2],
  ]);
  expect(repeats?.figures["throughput.output_tokens_per_second"]?.n).toBe(2);
});
