import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAvailable, LemError, unavailable, type EngineId, type Reading } from "@lem/domain";
import { lemPaths, loadAdapter, openSession, resolveModel } from "@lem/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure } from "../../src/measure.ts";
import type { Measurement } from "../../src/measurement.ts";
import { phaseSegments, type PhaseSegments } from "../../src/phase-split/segments.ts";
import { PhaseClock } from "../../src/phase-clock.ts";
import { readingsOf } from "../../src/readings.ts";
import { experimentOf } from "../support/experiment.ts";
import { noMemory } from "../support/memory.ts";

const MINUTES = 60_000;
const SHAPE = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: 128,
  intermediate_size: 256,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 2000,
  max_position_embeddings: 1024,
  torch_dtype: "float32",
  bos_token_id: 1,
  eos_token_id: 2,
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-phases-"));
  writeFileSync(join(folder, "shape.json"), JSON.stringify(SHAPE));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Measures synthetic prompts of 120 to 200 tokens on a real engine with random weights. */
async function run(engine: EngineId, changes: Parameters<typeof experimentOf>[0], sections = {}): Promise<Measurement> {
  const adapter = await loadAdapter(engine);
  const found = await adapter.locate({ enginesDir: lemPaths(process.env).engines, env: process.env });
  if (found.status === "missing") throw new LemError("engine.not-installed", `${found.reason}; ${found.hint}`);
  const context = { modelsDir: folder, env: process.env, cwd: folder, emit: () => {}, offline: true };
  const model = await resolveModel({ ...context, model: "dummy:shape.json", formats: adapter.formats });
  const prompts = { kind: "synthetic", lengths: { kind: "uniform", min: 120, max: 200 } } as const;
  return measure({
    experiment: { ...experimentOf({ prompts, input_tokens: 200, output_tokens: 12, ...changes }), engine, sections },
    model,
    openSession: (signal) =>
      openSession({
        command: found.command,
        env: process.env,
        engine,
        logPath: join(folder, `${engine}.txt`),
        deadlines: { hello_s: 120, load_s: 400, silence_s: 400, close_s: 30 },
        signal,
      }),
    openMemorySampler: noMemory,
    sampler: { status: "unavailable", reading: unavailable("switched-off", "off") },
    phases: new PhaseClock(() => {}),
    emit: () => {},
    signal: new AbortController().signal,
  });
}

const sumOf = <T>(values: Iterable<T>, of: (value: T) => number): number =>
  [...values].reduce((sum, value) => sum + of(value), 0);
const valueOf = (reading: Reading | undefined): number =>
  reading !== undefined && isAvailable(reading) ? reading.value : Number.NaN;

describe("phases of a real engine", () => {
  it(
    "are told by first tokens where transformers runs one batch after another",
    { timeout: 10 * MINUTES },
    async () => {
      const measurement = await run("transformers", { n: 4, batch_size: 2 });
      const { engine_phases } = readingsOf(measurement, SHAPE);
      expect(engine_phases["prefill_time"]).toMatchObject({
        source: expect.stringContaining("first tokens") as string,
      });
      const [prefill, decode, mixed] = ["prefill_time", "decode_time", "mixed_time"].map((tag) =>
        valueOf(engine_phases[tag]),
      );
      expect(mixed).toBe(0);
      const whole = sumOf(measurement.windows, ({ record }) => record.length_s);
      expect(((prefill ?? 0) + (decode ?? 0)) / whole).toBeGreaterThan(0.8);
    },
  );

  it(
    "account for every token of vLLM, with prompts that join in, wait, and are computed in parts",
    { timeout: 10 * MINUTES },
    async () => {
      const engine = { max_num_batched_tokens: 256, max_num_seqs: 3, max_model_len: 512, enforce_eager: true };
      const measurement = await run("vllm", { n: 16, batch_size: 1, concurrency: 5 }, { engine });
      expect(measurement.stopped).toBeNull();
      for (const { timelines, steps, record } of measurement.windows) {
        const { source, segments } = phaseSegments(timelines, steps) as PhaseSegments;
        expect(source).toBe("steps of the engine");
        expect(sumOf(segments, ({ prompt_tokens }) => prompt_tokens)).toBe(record.input_tokens);
        expect(sumOf(segments, ({ decoded_tokens }) => decoded_tokens)).toBe(record.output_tokens - record.completed);
        const covered = sumOf(segments, ({ from_ns, to_ns }) => to_ns - from_ns) / 1e9;
        expect(covered / record.length_s).toBeGreaterThan(0.9);
        expect(new Set(segments.map(({ kind }) => kind))).toEqual(new Set(["prefill", "decode", "mixed"]));
      }
    },
  );
});
