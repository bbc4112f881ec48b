import { expect, it, test } from "vitest";
import { effectSize } from "../../src/statistics/effect.ts";
import { relativeError } from "./scipy.ts";
import { REPEATS } from "./repeats-reference.ts";

it.each(REPEATS.pairs)("Hedges' g of $name is NumPy's within 1e-9", ({ first, second, effect }) => {
  expect(relativeError(effectSize(first, second) ?? NaN, effect)).toBeLessThan(1e-9);
});

test("does not exist without spread or without repeats", () => {
  expect(effectSize([1, 1], [2, 2])).toBeUndefined();
  expect(effectSize([1], [2, 3])).toBeUndefined();
});
