import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAvailable, LemError, unavailable } from "@lem/domain";
import { loadAdapter, openSession, resolveModel, type ModelArtifact, type WorkerCommand } from "@lem/engines";
import { measure } from "../src/measure.ts";
import type { Measurement } from "../src/measurement.ts";
import { PhaseClock } from "../src/phase-clock.ts";
import { openProcessTreeMemory } from "../src/process-tree-memory.ts";
import { readingsOf } from "../src/readings.ts";
import { experimentOf } from "./support/experiment.ts";

let folder = "";
let model: ModelArtifact;
let command: WorkerCommand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lem-llama-"));
  const adapter = await loadAdapter("llama-cpp");
  const found = await adapter.locate({ enginesDir: folder, env: process.env });
  if (found.status === "missing") throw new LemError("engine.not-installed", found.reason);
  command = found.command;
  const request = { formats: adapter.formats, modelsDir: folder, env: {}, cwd: folder, emit: () => {}, pip: null };
  model = await resolveModel({ ...request, model: "builtin:tiny", offline: true });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(batch_size = 2): Promise<Measurement> {
  const experiment = experimentOf({ n: 4, input_tokens: 24, output_tokens: 12, batch_size });
  return measure({
    experiment: { ...experiment, sections: { context: { threads: 1 } } },
    model,
    openSession: (signal) =>
      openSession({
        command,
        env: process.env,
        engine: "llama-cpp",
        logPath: join(folder, "log.txt"),
        deadlines: { hello_s: 60, load_s: 60, silence_s: 60, close_s: 10 },
        signal,
      }),
    openMemorySampler: openProcessTreeMemory,
    sampler: { status: "unavailable", reading: unavailable("switched-off", "off") },
    phases: new PhaseClock(() => {}),
    emit: () => {},
    signal: new AbortController().signal,
  });
}

describe("measure with llama.cpp and the built-in model", () => {
  it("counts exactly the pinned work, with real times, and repeats the same tokens", { timeout: 120_000 }, async () => {
    const first = await run();
    const second = await run();
    expect(first.stopped).toBeNull();
    expect(first.windows.map(({ record }) => [record.input_tokens, record.output_tokens, record.completed])).toEqual([
      [96, 48, 4],
      [96, 48, 4],
    ]);
    expect(second.work.inputIdsSha256).toBe(first.work.inputIdsSha256);
    const ids = ({ windows }: Measurement): number[][][] =>
      windows.map(({ timelines }) => timelines.map(({ output_ids }) => [...output_ids]));
    expect(ids(second)).toEqual(ids(first));
    const { throughput, latency, memory, flops, flops_method } = readingsOf(first, model.config);
    expect(latency.ttft.mean).not.toHaveProperty("interval"); // two requests at a time share their steps
    expect(flops_method?.confidence).toBe("high");
    const figures = [
      throughput.output_tokens_per_second,
      latency.ttft.mean,
      latency.itl.mean,
      memory["process_peak"],
      flops["executed_flop"],
    ];
    expect(figures.map((reading) => reading !== undefined && isAvailable(reading) && reading.value > 0)).toEqual(
      figures.map(() => true),
    );
  });

  it(
    "divides the time between prefill and decoding by first tokens, one request at a time",
    { timeout: 120_000 },
    async () => {
      const measurement = await run(1);
      const { engine_phases } = readingsOf(measurement, model.config);
      const value = (tag: string): number => {
        const reading = engine_phases[tag];
        return reading !== undefined && isAvailable(reading) ? reading.value : Number.NaN;
      };
      expect(engine_phases["prefill_time"]).toMatchObject({
        source: expect.stringContaining("first tokens") as string,
      });
      expect(value("mixed_time")).toBe(0);
      expect([value("prefill_time") > 0, value("decode_time") > 0]).toEqual([true, true]);
      const whole = measurement.windows.reduce((sum, { record }) => sum + record.length_s, 0);
      expect((value("prefill_time") + value("decode_time")) / whole).toBeGreaterThan(0.9);
      expect(engine_phases["prefill_j"]).toMatchObject({ status: "unavailable", reason: "switched-off" });
    },
  );
});
