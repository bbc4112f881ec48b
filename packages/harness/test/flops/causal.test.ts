import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causalFlops } from "../../src/flops/causal.ts";
import { readShape } from "../../src/flops/read-shape.ts";
import type { LinearMap, ModelShape } from "../../src/flops/shape.ts";
import { configs, lengths, RUNS } from "./arbitraries.ts";

/** Positions of each pass, counted from 1: the prompt, then one by one, except where the cache is dropped. */
function passesOf(shape: ModelShape, input: number, output: number): number[][] {
  const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);
  const passes = [upTo(input)];
  for (let length = input + 1; length < input + output; length++)
    passes.push(length === shape.recomputeAt ? upTo(length) : [length]);
  return passes;
}

const products = (maps: readonly LinearMap[]): number => maps.reduce((sum, { from, to }) => sum + 2 * from * to, 0);

/** Counts one multiply-add at a time where the model may look: every query, every key, every layer. */
function bruteForce(shape: ModelShape, queries: readonly number[]): number {
  let flop = products([shape.head]);
  for (const query of queries) {
    flop += products(shape.outer);
    for (const { maps, experts, attention } of shape.layers) {
      flop += products(maps);
      if (experts !== null) flop += products([experts.router]) + experts.active * products(experts.maps);
      for (let key = 1; key <= query; key++)
        if (attention.window === null || query - key < attention.window)
          flop += 2 * 2 * attention.heads * attention.headDim;
    }
  }
  return flop;
}

describe("causal FLOPs equal a count of visible query-key pairs", () => {
  it("over random shapes and lengths", () => {
    fc.assert(
      fc.property(configs, lengths, (config, { input, output }) => {
        const { shape } = readShape(config);
        const [prompt = [], ...steps] = passesOf(shape, input, output);
        const prefill = bruteForce(shape, prompt);
        const decode = steps.reduce((sum, queries) => sum + bruteForce(shape, queries), 0);
        expect(causalFlops(shape, { input, output })).toEqual({ prefill, decode, total: prefill + decode });
      }),
      RUNS,
    );
  });
});
