import { describe, expect, it, test } from "vitest";
import { outliersOf } from "../../src/statistics/outliers.ts";
import { summarizeRepeats } from "../../src/statistics/repeats.ts";
import { REPEATS } from "./repeats-reference.ts";

const SETS = REPEATS.pairs.flatMap(({ name, first, second, summaries }) => [
  { name: `${name}, first`, values: first, expected: summaries[0] },
  { name: `${name}, second`, values: second, expected: summaries[1] },
]);

describe("summary of repeats", () => {
  it.each(SETS)("of $name equals SciPy's within 1e-12", ({ values, expected }) => {
    const found = summarizeRepeats(values);
    for (const figure of ["mean", "median", "sd", "cv"] as const)
      expect(Math.abs((found?.[figure] ?? NaN) - expected[figure])).toBeLessThan(
        1e-12 * Math.abs(expected[figure]) + 1e-15,
      );
  });

  it("of one repeat has no spread, of none does not exist", () => {
    expect(summarizeRepeats([3])).toMatchObject({ n: 1, mean: 3, median: 3, sd: null, cv: null, interval: null });
    expect(summarizeRepeats([])).toBeUndefined();
  });
});

describe("outliers", () => {
  it.each(SETS.filter(({ expected, values }) => expected.mad > 0 && values.length >= 5))(
    "of $name lie 3.5 of SciPy's scaled median absolute deviations away",
    ({ values, expected: { median, mad } }) => {
      const far = values.flatMap((value, index) => (Math.abs(value - median) / mad > 3.5 ? [index] : []));
      expect(outliersOf(values).map(({ index }) => index)).toEqual(far);
    },
  );

  it("are named and counted in every figure", () => {
    const values = [10, 10.1, 9.9, 10.05, 9.95, 10, 19];
    const found = summarizeRepeats(values);
    expect(found?.outliers).toEqual([{ index: 6, value: 19, score: expect.any(Number) }]);
    expect(found?.mean).toBeCloseTo(79 / 7, 12);
    expect(found?.n).toBe(7);
    expect(found?.mean_without_outliers).toBeCloseTo(10, 12);
  });

  it("are found where most repeats are equal", () => {
    expect(outliersOf([4, 4, 4, 4, 4, 9, 4]).map(({ value }) => value)).toEqual([9]);
  });

  test("there are none among equal repeats, nor among four", () => {
    expect(outliersOf([2, 2, 2, 2, 2])).toEqual([]);
    expect(outliersOf([1, 1, 1, 99])).toEqual([]);
    expect(summarizeRepeats([1, 2, 3, 4, 5])).toMatchObject({ outliers: [], mean_without_outliers: null });
  });
});
