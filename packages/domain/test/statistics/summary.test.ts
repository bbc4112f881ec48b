import { describe, expect, it } from "vitest";
import { coefficientOfVariation, mean, standardDeviation } from "../../src/statistics/summary.ts";
import { sample, SCIPY } from "./scipy.ts";

describe("summaries equal NumPy's", () => {
  it.each(Object.entries(SCIPY.summaries))("%s", (name, expected) => {
    expect(mean(sample(name))).toBeCloseTo(expected.mean, 10);
    expect(standardDeviation(sample(name))).toBeCloseTo(expected.sd, 10);
  });
});

describe("samples that have no summary", () => {
  it("are NaN, never 0", () => {
    expect([mean([]), standardDeviation([]), standardDeviation([3])]).toEqual([NaN, NaN, NaN]);
  });

  it("have no variation around a mean of zero", () => {
    expect(coefficientOfVariation([-1, 1])).toBeNaN();
  });
});

describe("coefficient of variation", () => {
  it("is relative and never negative", () => {
    expect(coefficientOfVariation([9, 10, 11])).toBeCloseTo(0.1, 12);
    expect(coefficientOfVariation([-9, -10, -11])).toBeCloseTo(0.1, 12);
  });
});
