import { join } from "node:path";
import { isAvailable, type Reading } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { energiesBetween } from "../../src/energy/window-energy.ts";
import { withSteady } from "../../src/load/with-steady.ts";
import { phaseSegments, type PhaseSegments } from "../../src/phase-split/segments.ts";
import { phaseReadings, type PhaseEvidence } from "../../src/readings/engine-phases.ts";
import { readWindow } from "../support/recorded-window.ts";

const { record, timelines, steps, recordings } = readWindow(
  join(import.meta.dirname, "fixtures", "h200-vllm-b64.json.gz"),
);
const end_ns = record.origin_ns + record.length_s * 1e9;
const energy = energiesBetween(recordings, [record.origin_ns, end_ns], { gpuExpected: true });
const evidence: PhaseEvidence = { record, end_ns, energy, timelines, steps };
const valueOf = (reading: Reading): number => (isAvailable(reading) ? reading.value : Number.NaN);
const sumOf = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0);

describe("a window of vLLM with Llama-3-8B's shape at batch 64 on an H200", () => {
  const { segments } = phaseSegments(timelines, steps) as PhaseSegments;
  const found = phaseReadings([evidence], recordings);

  it("accounts for every token in its steps", () => {
    expect(sumOf(segments, ({ prompt_tokens }) => prompt_tokens)).toBe(record.input_tokens);
    expect(sumOf(segments, ({ decoded_tokens }) => decoded_tokens)).toBe(record.output_tokens - record.completed);
    expect(sumOf(segments, ({ from_ns, to_ns }) => to_ns - from_ns) / 1e9 / record.length_s).toBeGreaterThan(0.99);
  });

  it("comes in four rounds: the prompts of a round are mostly computed beside the end of the round before", () => {
    const mixed = segments.filter(({ kind }) => kind === "mixed");
    expect(sumOf(mixed, ({ prompt_tokens }) => prompt_tokens) / record.input_tokens).toBeGreaterThan(0.8);
    expect(valueOf(found.mixed_time) / record.length_s).toBeCloseTo(0.19, 1);
  });

  it("gives the energy of decoding alone, and refuses that of prefill, which flits by", () => {
    expect(valueOf(found.decode_joules_per_output_token)).toBeCloseTo(0.0565, 3);
    expect(found.prefill_j).toMatchObject({ status: "unavailable", reason: "too-few-samples" });
    expect(found.decode_j).toMatchObject({ source: "power samples over steps of the engine" });
  });

  it("closes: a prompt token as another load had it alone, and its own decoded tokens, make up its energy within 3 %", () => {
    const total_j = sumOf(energy, (part) => (part.status === "measured" ? part.energy_j : Number.NaN));
    const ofPrompts = 0.01628 * record.input_tokens; // bench/results/*-phases-h200.json, prefill
    const ofOutput = valueOf(found.decode_joules_per_output_token) * (record.output_tokens - record.completed);
    expect(Math.abs((ofPrompts + ofOutput) / total_j - 1)).toBeLessThan(0.03);
  });

  it("is no steady state: it is over before one can be told", () => {
    const [judged] = withSteady([{ record, end_ns, timelines, energy }], recordings);
    expect(judged?.record.steady).toMatchObject({ status: "not-reached", reason: "too-short" });
  });

  it("has no phases by first tokens alone, as its requests overlap", () => {
    expect(phaseSegments(timelines, null)).toMatchObject({ reason: "not-reported-by-engine" });
  });
});
