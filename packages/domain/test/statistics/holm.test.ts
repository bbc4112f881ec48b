import { expect, it, test } from "vitest";
import { holmAdjusted } from "../../src/statistics/holm.ts";
import { REPEATS } from "./repeats-reference.ts";

it.each(REPEATS.holm)("adjusts $p as statsmodels does", ({ p, adjusted }) => {
  const found = holmAdjusted(p);
  expect(found).toHaveLength(p.length);
  found.forEach((chance, index) => expect(chance).toBeCloseTo(adjusted[index] ?? NaN, 12));
});

test("nothing to adjust", () => {
  expect(holmAdjusted([])).toEqual([]);
});
