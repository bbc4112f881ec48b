import { expect, test } from "vitest";
import { compareMeans } from "../../src/statistics/comparison.ts";
import { seededRandom } from "../../src/statistics/interval.ts";

const gauss = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test.each([3, 5, 10])("two sets of %d repeats of the same are told apart in about 5 %% of the cases", (n) => {
  const random = seededRandom(n);
  const draw = (): number[] => Array.from({ length: n }, () => 100 + gauss(random));
  const alarms = Array.from({ length: 2000 }, () => compareMeans(draw(), draw())).filter((one) => one?.distinguishable);
  expect(alarms.length / 2000).toBeLessThan(0.06);
  expect(alarms.length / 2000).toBeGreaterThan(0.02);
});

test("a step is found with its size, and too few repeats tell nothing", () => {
  const found = compareMeans([100, 100.2, 99.8], [103, 103.2, 102.8]);
  expect(found).toMatchObject({ distinguishable: true, relative: expect.closeTo(0.03, 6) });
  expect(compareMeans([1], [2, 3])).toBeUndefined();
  expect(compareMeans([5, 5], [5, 5])).toMatchObject({ distinguishable: false, relative: 0 });
});
