import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measured, nanoseconds, type ExperimentResult, type Reading } from "@lem/domain";
import { recomputeEnergy, type RawEnergy, type Recording } from "@lem/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRawEnergy, writeSamplesParquet } from "../../src/results/samples-parquet.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-samples-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const BEGIN = 9_007_199_254_000_001;

const took = (value: number): Reading => measured({ value, unit: "ms", source: "watched" });
const STATE: Recording["states"][number] = {
  t_ns: BEGIN,
  device_id: "GPU-1",
  settings: { driver: "1", power_limit_mw: 700_000, vbios: null },
  temperature_c: 40,
  clock_mhz: null,
  processes: [{ pid: 7, memory_b: null }],
  ecc: null,
  moment: "bare-before",
  engine_pids: [],
};

/** Twenty seconds of samples 20 ms apart and a counter that agrees with them. */
function recordingOf(domain: string, watts: number): Recording {
  const power = Array.from({ length: 1000 }, (_, index) => watts + (index % 7));
  const t_ns = Float64Array.from(power, (_, index) => BEGIN + index * 20_000_000);
  return {
    sensor: { domain, device: "board", source: "ring", relative_gain_error: 0.05 },
    streams: new Map([
      ["power", { t_ns, value: Float64Array.from(power) }],
      ["temperature", { t_ns: t_ns.slice(0, 3), value: Float64Array.of(40, 41.5, 42) }],
    ]),
    faults: [],
    lost: null,
    sources: [{ source: "ring", period: took(20), delay: took(31), call_cost: took(0.7) }],
    states: [STATE],
  };
}

const raw: RawEnergy = {
  recordings: [recordingOf("gpu0", 300), recordingOf("gpu1", 310)],
  idle: [{ kind: "bare-before", from_ns: BEGIN, to_ns: BEGIN + 1e9 }],
  settling: { status: "reached", seconds: 12 },
};
const window = { window: 1, origin_ns: BEGIN + 2e9, length_s: 6.000_000_002, input_tokens: 10, completed: 2, cpu_s: 1 };
const result: Pick<ExperimentResult, "windows" | "engine"> = {
  windows: [{ ...window, output_tokens: 20 }],
  engine: { name: "vllm", version: "1", devices: ["cpu"] },
};

test("raw streams come back bit by bit, and give the same figures", async () => {
  const file = join(root, "samples.parquet");
  await writeSamplesParquet(file, { raw, samples: [] });
  const back = await readRawEnergy(file);
  expect(back).toEqual(raw);
  const figures = recomputeEnergy(result, back);
  expect(figures).toEqual(recomputeEnergy(result, raw));
  expect(figures.energy["total_j"]).toMatchObject({ status: "measured", unit: "J" });
  expect(figures.energy["total_j.gpu1"]).toMatchObject({ status: "measured" });
  expect(figures.sensors["ring_delay.gpu1"]).toMatchObject({ value: 31, unit: "ms" });
});

test("idle power of an earlier run is no stretch of this one, and gives the same figures again", async () => {
  const energy = raw.recordings.map(({ sensor: { domain, relative_gain_error } }) => {
    return { status: "measured" as const, domain, energy_j: 350, source: "ring", relative_gain_error };
  });
  const measured_at = "2026-11-22T10:00:00.000Z";
  const reused: RawEnergy = {
    ...raw,
    idle: [],
    reuse: { status: "reused", seconds: 5, energy, measured_at, age_s: 60 },
  };
  const file = join(root, "samples.parquet");
  await writeSamplesParquet(file, { raw: reused, samples: [] });
  const { baseline, energy: figures } = recomputeEnergy(result, await readRawEnergy(file));
  expect(baseline).toMatchObject({ "idle_bare_power.gpu1": { value: 70 }, reused_age: { value: 60, unit: "s" } });
  expect(figures["above_idle_bare_j"]).toMatchObject({ status: "measured" });
});

test("a replay is no recording: its samples are stored and cannot be computed again", async () => {
  const file = join(root, "samples.parquet");
  const samples = [1, 2].map((t) => ({ domain: "gpu0", t_ns: nanoseconds(t), power_w: 5 }));
  await writeSamplesParquet(file, { raw: { recordings: [], idle: [], settling: null }, samples });
  await expect(readRawEnergy(file)).rejects.toMatchObject({ code: "results.invalid" });
  await expect(readRawEnergy(join(root, "none"))).rejects.toMatchObject({ code: "results.not-found" });
});
