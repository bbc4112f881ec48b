import { describe, expect, it } from "vitest";
import { halfWidth, meanOfRepeats, meanOfStretch, stretchInterval } from "../../src/statistics/estimate.ts";
import { meanInterval } from "../../src/statistics/interval.ts";
import { autoregressive, gaussian } from "./noise.ts";
import { REPEATS } from "./repeats-reference.ts";

const TRIALS = 6000;

/** Share of intervals of n consecutive values that hold their true mean, 1. */
function coverage(n: number, correlation: number, { spread, wander }: { spread: number; wander: number }): number {
  const draw = gaussian(1000 + n);
  let held = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const noise = autoregressive(correlation, draw);
    const level = 1 + wander * draw();
    const found = stretchInterval(
      Array.from({ length: n }, () => level + spread * noise()),
      wander,
    );
    if (found !== undefined && found.low <= 1 && 1 <= found.high) held++;
  }
  return held / TRIALS;
}

describe("95 % intervals of the mean of consecutive values", () => {
  it.each([3, 5, 10, 30, 100])("are exact for %d independent normal values", (n) => {
    const share = coverage(n, 0, { spread: 0.01, wander: 0 });
    expect(share).toBeGreaterThanOrEqual(0.94);
    expect(share).toBeLessThanOrEqual(0.96);
  });

  it.each([
    { n: 5, correlation: 0.3 },
    { n: 10, correlation: 0.3 },
    { n: 10, correlation: 0.5 },
    { n: 30, correlation: 0.5 },
    { n: 30, correlation: 0.7 },
    { n: 100, correlation: 0.7 },
  ])("of $n values with a correlation of $correlation cover 90 to 98 %", ({ n, correlation }) => {
    const share = coverage(n, correlation, { spread: 0.01, wander: 0 });
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(share).toBeLessThanOrEqual(0.98);
  });

  it.each([0.0005, 0.002, 0.01])("cover 90 to 99 %% when the level wanders unseen, spread %f", (spread) => {
    for (const n of [5, 10, 30]) {
      const share = coverage(n, 0.3, { spread, wander: 0.001 });
      expect(share).toBeGreaterThanOrEqual(0.9);
      expect(share).toBeLessThanOrEqual(0.99);
    }
  });
});

it.each(REPEATS.cosine)(
  "of $values.length values equals the cosine transform of SciPy within 1e-9",
  ({ values, low, high }) => {
    const found = stretchInterval(values, 0);
    expect(found?.low).toBeCloseTo(low, 9);
    expect(found?.high).toBeCloseTo(high, 9);
  },
);

describe("the estimate", () => {
  const values = [10, 12, 11, 13, 9];

  it("of repeats is Student's", () => {
    const found = meanOfRepeats(values);
    const interval = meanInterval(values);
    expect(found).toMatchObject({ mean: 11, degrees: 4, wander: 0, n: 5 });
    expect(found && found.mean + halfWidth(found, 0.95)).toBeCloseTo(interval?.high ?? 0, 9);
  });

  it("of three values in a row is Student's too, and says so", () => {
    const three = stretchInterval([10, 12, 11], 0);
    const student = meanInterval([10, 12, 11]);
    expect(three?.method).toBe("student-t");
    expect(three?.low).toBeCloseTo(student?.low ?? 0, 9);
    expect(stretchInterval(values, 0)?.method).toBe("cosine-t");
  });

  it("is wider for a drift than for the same values in another order", () => {
    const drift = Array.from({ length: 20 }, (_, index) => 100 + index);
    const alternating = drift.toSorted((a, b) => (a % 2) - (b % 2) || (a % 4) - (b % 4));
    const width = (of: readonly number[]): number => halfWidth(meanOfStretch(of, 0) ?? noEstimate, 0.95);
    expect(width(drift)).toBeGreaterThan(2 * width(alternating));
  });

  it("knows no less than what wanders unseen", () => {
    const { low, high } = stretchInterval([5, 5, 5, 5, 5], 0.001) ?? { low: 0, high: 0 };
    expect((high - low) / 2).toBeCloseTo(1.959963985 * 0.005, 9);
    expect(stretchInterval([5, 5, 5], 0)).toMatchObject({ low: 5, high: 5 });
  });

  it("does not exist for one value", () => {
    expect([meanOfRepeats([1]), meanOfStretch([1], 0), stretchInterval([], 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

const noEstimate = { variance: Number.NaN, degrees: 1, wander: 0 };
