import { describe, expect, it } from "vitest";
import { LEAST_REPEATS, judgeStopping } from "../../src/statistics/stopping.ts";
import { meanInterval } from "../../src/statistics/interval.ts";
import { mean } from "../../src/statistics/summary.ts";
import { gaussian } from "./noise.ts";

const rule = { relative: 0.01, least: LEAST_REPEATS, most: 9 };

describe("sequential stopping", () => {
  it("stops when the interval is as narrow as asked", () => {
    expect(judgeStopping([100, 100.1, 99.9, 100, 100], rule)).toMatchObject({ status: "precise", expected: null });
  });

  it("asks for so many repeats as the spread needs", () => {
    const verdict = judgeStopping([100, 102, 98, 101, 99], { ...rule, most: 100 });
    expect(verdict.status).toBe("continue");
    expect(verdict.reached).toBeCloseTo((2.7764451 * Math.sqrt(2.5)) / Math.sqrt(5) / 100, 6);
    expect(verdict.expected).toBe(Math.ceil(5 * ((verdict.reached ?? 0) / 0.01) ** 2));
  });

  it("does not trust few repeats that agree by chance", () => {
    expect(judgeStopping([100, 100], rule)).toMatchObject({ status: "continue", reached: 0, expected: 5 });
    expect(judgeStopping([], rule)).toEqual({ status: "continue", reached: null, expected: null });
  });

  it("ends at the limit, reached or not", () => {
    const wild = [50, 150, 80, 120, 90, 110, 60, 140, 100];
    expect(judgeStopping(wild, rule)).toMatchObject({ status: "limit", expected: null });
    expect(judgeStopping([7], { ...rule, most: 1 })).toEqual({ status: "limit", reached: null, expected: null });
  });

  it("leaves intervals that hold the true mean in at least 90 % of the cases, though it looks again and again", () => {
    const draw = gaussian(5);
    const trials = 3000;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values: number[] = [];
      while (judgeStopping(values, rule).status === "continue") values.push(100 * (1 + 0.008 * draw()));
      const { low, high } = meanInterval(values) ?? { low: 0, high: 0 };
      if (low <= 100 && 100 <= high) held++;
      expect(mean(values)).toBeCloseTo(100, -1);
    }
    expect(held / trials).toBeGreaterThanOrEqual(0.9);
  });
});
