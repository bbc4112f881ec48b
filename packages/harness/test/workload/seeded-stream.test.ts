import { describe, expect, it } from "vitest";
import { seededStream, shuffled } from "../../src/workload/seeded-stream.ts";

const draw = (seed: number, purpose: Parameters<typeof seededStream>[1]): number[] => {
  const random = seededStream(seed, purpose);
  return Array.from({ length: 8 }, () => random());
};

describe("seededStream", () => {
  it("depends on the seed and on the purpose, and on nothing else", () => {
    expect(draw(1, "ids")).toEqual(draw(1, "ids"));
    expect(draw(1, "ids")).not.toEqual(draw(2, "ids"));
    expect(draw(1, "ids")).not.toEqual(draw(1, "order"));
    expect(draw(1, "ids").every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe("shuffled", () => {
  it("reaches every order about equally often", () => {
    const random = seededStream(3, "order");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(["a", "b", "c"], random).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const spread = [...counts.values()].map((count) => Math.abs(count - 1000));
    expect(Math.max(...spread)).toBeLessThan(4 * Math.sqrt(6000 * (1 / 6) * (5 / 6)));
  });

  it("leaves its input as it was", () => {
    const items = [1, 2, 3, 4];
    shuffled(items, seededStream(1, "order"));
    expect(items).toEqual([1, 2, 3, 4]);
  });
});
