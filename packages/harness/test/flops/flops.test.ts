import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@lem/domain";
import { estimateFlops, flopsOfRequests } from "../../src/flops/flops.ts";
import { configs, lengths, RUNS } from "./arbitraries.ts";

const LLAMA: JsonObject = {
  model_type: "llama",
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 96,
  vocab_size: 128,
};

describe("laws of an estimate", () => {
  it("counts no more visible pairs than executed ones", () => {
    fc.assert(
      fc.property(configs, lengths, (config, work) => {
        const { executed, causal } = estimateFlops(config, work);
        expect(causal.prefill).toBeLessThanOrEqual(executed.prefill);
        expect(causal.decode).toBeLessThanOrEqual(executed.decode);
      }),
      RUNS,
    );
  });

  it("adds up over a batch", () => {
    fc.assert(
      fc.property(configs, lengths, fc.integer({ min: 1, max: 9 }), (config, work, batch) => {
        const [one, all] = [estimateFlops(config, work), estimateFlops(config, { ...work, batch })];
        expect(all.executed.total).toBe(batch * one.executed.total);
        expect(all.causal.total).toBe(batch * one.causal.total);
        expect(all.parameters).toBe(one.parameters);
      }),
      RUNS,
    );
  });

  it("grows with every token in and out, except that a longer prompt may spare Phi-3 its second run", () => {
    const others = configs.filter((config) => config["model_type"] !== "phi3");
    fc.assert(
      fc.property(others, lengths, (config, { input, output }) => {
        const total = (more: number, longer: number): number =>
          estimateFlops(config, { input: input + more, output: output + longer }).causal.total;
        expect(total(0, 1)).toBeGreaterThan(total(0, 0));
        expect(total(1, 0)).toBeGreaterThan(total(0, 0));
      }),
      RUNS,
    );
  });

  it("is the sum of its requests", () => {
    fc.assert(
      fc.property(configs, fc.array(lengths, { maxLength: 6 }), (config, requests) => {
        const run = flopsOfRequests(
          config,
          requests.map(({ input, output }) => ({ input_tokens: input, output_tokens: output })),
        );
        const singles = requests.map((request) => estimateFlops(config, request));
        expect(run.executed.prefill).toBe(singles.reduce((sum, { executed }) => sum + executed.prefill, 0));
        expect(run.causal.total).toBe(singles.reduce((sum, { causal }) => sum + causal.total, 0));
      }),
      RUNS,
    );
  });
});

describe("method and confidence", () => {
  it("is exact for a known shape that says its sizes", () => {
    expect(estimateFlops(LLAMA, { input: 4, output: 2 })).toMatchObject({
      method: "analytic",
      confidence: "exact",
      notes: [],
    });
  });

  it("says which sizes it took from the model type", () => {
    const { vocab_size: _, ...rest } = LLAMA;
    const { confidence, notes } = estimateFlops(rest, { input: 4, output: 2 });
    expect(confidence).toBe("high");
    expect(notes.join()).toContain("vocab_size");
  });

  it("counts the language model of a multi-modal config, and says so", () => {
    const wrapped = estimateFlops({ model_type: "llava", text_config: LLAMA }, { input: 4, output: 2 });
    const plain = estimateFlops(LLAMA, { input: 4, output: 2 });
    expect(wrapped).toEqual({ ...plain, confidence: "high", notes: [expect.stringContaining("text_config")] });
  });

  it("falls back to 2 FLOP a parameter and token where only their number is known", () => {
    const estimate = estimateFlops({ model_type: "mamba" }, { input: 10, output: 5, batch: 3 }, { parameters: 1000 });
    expect(estimate).toMatchObject({ method: "parameter-count", confidence: "low", parameters: 1000 });
    expect(estimate.executed).toEqual({ prefill: 60_000, decode: 24_000, total: 84_000 });
  });

  it("prefers a known shape to a parameter count", () => {
    expect(estimateFlops(LLAMA, { input: 4, output: 2 }, { parameters: 1000 }).method).toBe("analytic");
  });
});

describe("refusals", () => {
  it.each([
    { input: 0, output: 2 },
    { input: 1.5, output: 2 },
    { input: 1, output: -1 },
    { input: 1, output: 1, batch: 0 },
  ])("lengths that cannot be: %o", (impossible) => {
    expect(() => estimateFlops(LLAMA, impossible)).toThrow(expect.objectContaining({ code: "config.out-of-range" }));
  });
});
