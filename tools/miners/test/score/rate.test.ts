import { describe, expect, it } from "vitest";
import { accuracy, confusion } from "../../src/score/confusion.ts";
import { rate } from "../../src/score/rate.ts";

describe("a rate", () => {
  /** Bounds by the closed form, computed in CPython. */
  it.each([
    [0, 10, 0, 0.277533],
    [5, 10, 0.236593, 0.763407],
    [10, 10, 0.722467, 1],
    [995, 1000, 0.988349, 0.997863],
  ])("%i of %i has Wilson's interval", (hits, of, low, high) => {
    const found = rate(hits, of);
    expect(found.value).toBeCloseTo(hits / of, 6);
    expect(found.low).toBeCloseTo(low, 5);
    expect(found.high).toBeCloseTo(high, 5);
  });

  it("of nothing has no value, and may be anything", () => {
    expect(rate(0, 0)).toEqual({ value: null, low: 0, high: 1, of: 0 });
  });
});

describe("a confusion", () => {
  it("counts what was foretold and what happened", () => {
    const cases = ["tt", "tt", "tf", "ft", "ff", "ff", "ff"];
    const counts = confusion(cases, { foretold: ([f]) => f === "t", happened: ([, h]) => h === "t" });
    expect(counts).toEqual({ tp: 2, fp: 1, fn: 1, tn: 3 });
    expect(accuracy(counts)).toMatchObject({
      precision: { value: 0.666667, of: 3 },
      recall: { value: 0.666667, of: 3 },
      false_positive: { value: 0.25, of: 4 },
      base: { value: 0.428571, of: 7 },
    });
  });
});
