import { describe, expect, it, test } from "vitest";
import { compareMeans, comparePairs, correctFamily, type Comparison } from "../../src/statistics/comparison.ts";
import { meanOfRepeats, meanOfStretch, type MeanEstimate } from "../../src/statistics/estimate.ts";
import { autoregressive, gaussian } from "./noise.ts";
import { mean } from "../../src/statistics/summary.ts";
import { REPEATS, type ReferencePair } from "./repeats-reference.ts";

type Estimate = (values: readonly number[]) => MeanEstimate | undefined;

function compared(first: readonly number[], second: readonly number[], estimate: Estimate): Comparison {
  const [a, b] = [estimate(first), estimate(second)];
  if (a === undefined || b === undefined) throw new Error("too few values");
  return compareMeans(a, b);
}

/** Share of pairs of stretches that are told apart, the second a step higher. */
function found(n: number, { correlation = 0, spread = 0.01, step = 0, estimate = meanOfRepeats as Estimate }): number {
  const draw = gaussian(n);
  const trials = 600;
  let apart = 0;
  for (let trial = 0; trial < trials; trial++) {
    const stretch = (level: number): number[] => {
      const noise = autoregressive(correlation, draw);
      return Array.from({ length: n }, () => level * (1 + spread * noise()));
    };
    if (compared(stretch(100), stretch(100 * (1 + step)), estimate).distinguishable) apart++;
  }
  return apart / trials;
}

describe("two of the same", () => {
  it.each([3, 5, 10])("with %d repeats each are told apart in about 5 %% of the cases", (n) => {
    const share = found(n, {});
    expect(share).toBeLessThan(0.075);
    expect(share).toBeGreaterThan(0.02);
  });

  it.each([5, 10, 30])("with %d consecutive windows each are told apart in at most 7 %%, correlated or not", (n) => {
    const estimate: Estimate = (values) => meanOfStretch(values, 0);
    expect(found(n, { estimate })).toBeLessThan(0.075);
    expect(found(n, { estimate, correlation: 0.3 })).toBeLessThan(0.08);
    expect(found(n, { estimate: meanOfRepeats, correlation: 0.3 })).toBeGreaterThan(0.08);
  });
});

test("a step of 3 % is found by 5 windows of a spread of 0.8 %", () => {
  expect(found(5, { spread: 0.008, step: 0.03, estimate: (values) => meanOfStretch(values, 0.001) })).toBeGreaterThan(
    0.9,
  );
});

test("a step is found with its size and its chance", () => {
  const apart = compared([100, 100.2, 99.8], [103, 103.2, 102.8], meanOfRepeats);
  expect(apart).toMatchObject({ distinguishable: true, relative: expect.closeTo(0.03, 6) });
  // scipy.stats.ttest_ind([100, 100.2, 99.8], [103, 103.2, 102.8], equal_var=False)
  expect(apart.p).toBeCloseTo(5.165036364518372e-5, 12);
  expect(compared([5, 5], [5, 5], meanOfRepeats)).toMatchObject({ distinguishable: false, relative: 0, p: 1 });
  expect(compared([5, 5], [6, 6], meanOfRepeats)).toMatchObject({ distinguishable: true, p: 0 });
});

test("of negative figures, such as energy above idle, the bounds keep their order", () => {
  const { relative, low, high } = compared([-10, -11, -9], [-12, -11, -13], meanOfRepeats);
  expect(low).toBeLessThan(relative);
  expect(high).toBeGreaterThan(relative);
});

/** Bounds hold t quantiles of 1e-10. */
const TOLERANCE = 1e-8;

/** How far a comparison, whose bounds are relative to the first mean, is from SciPy's, whose bounds are not. */
function worstOf(
  found: Comparison | undefined,
  expected: ReferencePair["welch"] | null,
  first: readonly number[],
): number {
  if (found === undefined || expected === null) return Infinity;
  const bounds = [found.low * mean(first) - expected.low, found.high * mean(first) - expected.high];
  return Math.max(...[found.p - expected.p, ...bounds].map(Math.abs));
}

describe("comparisons equal SciPy's", () => {
  it.each(REPEATS.pairs)("Welch's test of $name", ({ first, second, welch }) => {
    const found = compared(first, second, meanOfRepeats);
    expect(worstOf(found, welch, first)).toBeLessThan(TOLERANCE);
    expect(found.distinguishable).toBe(welch.p < 0.05);
  });

  const inPairs = REPEATS.pairs.filter(({ paired }) => paired !== null);
  it.each(inPairs)("paired test of $name", ({ first, second, paired }) => {
    expect(worstOf(comparePairs(first, second), paired, first)).toBeLessThan(TOLERANCE);
  });
});

test("pairs need one another", () => {
  expect(comparePairs([1, 2], [1, 2, 3])).toBeUndefined();
  expect(comparePairs([1], [2])).toBeUndefined();
});

test("in a family of comparisons, one that is apart only on its own is not distinguishable", () => {
  const lucky = { relative: 0.01, low: 0.001, high: 0.02, p: 0.03, distinguishable: true };
  const dull = { relative: 0, low: -0.01, high: 0.01, p: 0.8, distinguishable: false };
  expect(correctFamily([lucky])).toMatchObject([{ adjusted_p: 0.03, distinguishable: true }]);
  expect(correctFamily([lucky, dull])).toMatchObject([
    { adjusted_p: 0.06, distinguishable: false },
    { adjusted_p: 0.8, distinguishable: false },
  ]);
});
