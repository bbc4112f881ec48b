import { describe, expect, it } from "vitest";
import { drawIds, drawLengths, specialIds } from "../../src/workload/synthetic.ts";
import { workloadOf } from "../support/experiment.ts";

const many = workloadOf({ n: 4000, input_tokens: 10_000 });

describe("drawLengths", () => {
  it("repeats itself for a seed and differs for another", () => {
    const uniform = { kind: "uniform", min: 1, max: 500 } as const;
    expect(drawLengths(uniform, many)).toEqual(drawLengths(uniform, many));
    expect(drawLengths(uniform, many)).not.toEqual(drawLengths(uniform, { ...many, seed: 2 }));
  });

  it("spreads uniform lengths over both bounds", () => {
    const lengths = drawLengths({ kind: "uniform", min: 5, max: 8 }, many);
    expect(new Set(lengths)).toEqual(new Set([5, 6, 7, 8]));
    const fives = lengths.filter((length) => length === 5).length;
    expect(Math.abs(fives - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
  });

  it("keeps the mean of lognormal lengths, and their bounds", () => {
    const wide = drawLengths({ kind: "lognormal", mean: 300, sigma: 0.5, min: 1, max: 10_000 }, many);
    const mean = wide.reduce((sum, length) => sum + length, 0) / wide.length;
    expect(Math.abs(mean - 300)).toBeLessThan(4 * (160 / Math.sqrt(4000)));
    const narrow = drawLengths({ kind: "lognormal", mean: 300, sigma: 0.5, min: 250, max: 350 }, many);
    expect([Math.min(...narrow), Math.max(...narrow)]).toEqual([250, 350]);
  });

  it("cuts to input_tokens", () => {
    expect(drawLengths({ kind: "fixed", value: 99 }, workloadOf({ input_tokens: 16 }))).toEqual([16, 16, 16, 16]);
  });
});

describe("drawIds", () => {
  const vocabulary = { size: 20, special: new Set([0, 1, 19]) };

  it("draws every plain id and no special one", () => {
    const [ids = []] = drawIds([2000], vocabulary, 1);
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 17 }, (_, i) => i + 2)));
  });

  it("gives the same ids for a seed, of the lengths asked for", () => {
    const ids = drawIds([3, 0, 5], vocabulary, 7);
    expect(ids.map((input) => input.length)).toEqual([3, 0, 5]);
    expect(drawIds([3, 0, 5], vocabulary, 7)).toEqual(ids);
    expect(drawIds([3, 0, 5], vocabulary, 8)).not.toEqual(ids);
  });
});

describe("specialIds", () => {
  it("reads single ids and lists, and passes over what is null", () => {
    expect(specialIds({ bos_token_id: 1, eos_token_id: [2, 3], pad_token_id: null })).toEqual(new Set([1, 2, 3]));
  });
});
