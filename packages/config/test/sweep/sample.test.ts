import fc from "fast-check";
import { expect, it } from "vitest";
import { everything, sampleIndices, sampleOf } from "../../src/sweep/sample.ts";
import { told } from "./support.ts";

it("a sample holds different numbers in order, and the same ones for a seed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.nat(), (a, b, seed) => {
      const [n, size] = [Math.min(a, b), Math.max(a, b)];
      const drawn = [...sampleIndices(size, n, seed)];
      expect(drawn).toHaveLength(n);
      expect(new Set(drawn).size).toBe(n);
      expect(drawn).toEqual(drawn.toSorted((x, y) => x - y));
      expect(drawn.every((index) => index >= 0 && index < size)).toBe(true);
      expect([...sampleIndices(size, n, seed)]).toEqual(drawn);
    }),
  );
});

it("every number is drawn equally often", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 5000; seed++)
    for (const index of sampleIndices(10, 3, seed)) counts[index] = (counts[index] ?? 0) + 1;
  for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(150);
});

it("a selection counts what it holds between two numbers", () => {
  const all = everything(10);
  expect([all.size, all.count(2, 5)]).toEqual([10, 3]);
  const some = sampleOf(1e12, 1000, 7);
  expect([some.size, some.count(0, 1e12)]).toEqual([1000, 1000]);
  expect(some.count(0, 5e11) + some.count(5e11, 1e12)).toBe(1000);
  expect(sampleOf(5, 9, 1).size).toBe(5);
});

const HUGE = `model: builtin:tiny
sweep:
  axes:
    workload.n: {min: 1, max: 1000, num: 1000}
    workload.seed: {min: 1, max: 1000, num: 1000}
    workload.output_tokens: {min: 1, max: 1000, num: 1000}
    llama-cpp.sampling.topK: {min: 1, max: 1000, num: 1000}
`;

it("a sample of a huge grid is drawn without going through it", async () => {
  const { study, points } = await told(`${HUGE}  sample: {n: 50, seed: 3}\n`);
  expect([study.size, study.declared, points.length]).toEqual([1e12, 50, 50]);
  const { points: again } = await told(`${HUGE}  sample: {n: 50, seed: 3}\n`);
  expect(again).toEqual(points);
  const { points: other } = await told(`${HUGE}  sample: {n: 50, seed: 4}\n`);
  expect(other).not.toEqual(points);
});
