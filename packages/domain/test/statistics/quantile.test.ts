import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/statistics/interval.ts";
import { minimumSamples, quantile, quantileInterval, sortSamples } from "../../src/statistics/quantile.ts";
import { sample, SCIPY } from "./scipy.ts";

const SEED = { seed: 20_261_122 };
const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
const ranks = (n: number): ReturnType<typeof sortSamples> =>
  sortSamples(Array.from({ length: n }, (_, index) => index));

describe("quantile", () => {
  it.each(SCIPY.quantiles)("of %s at %d equals NumPy's", (name, q, value) => {
    expect(quantile(sortSamples(sample(name)), q)).toBeCloseTo(value, 10);
  });

  it("lies between its bounds and grows with q", () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const sorted = sortSamples(values);
          const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
          expect(low).toBeGreaterThanOrEqual(Math.min(...values));
          expect(high).toBeLessThanOrEqual(Math.max(...values));
          expect(high - low).toBeGreaterThanOrEqual(-1e-9);
        },
      ),
      SEED,
    );
  });

  it("leaves the caller's samples in their order", () => {
    const values = [3, 1, 2];
    expect([...sortSamples(values)]).toEqual([1, 2, 3]);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("fewest samples for a quantile", () => {
  it.each([
    [0.5, 2],
    [0.9, 10],
    [0.95, 20],
    [0.99, 100],
    [0.999, 1000],
    [0.05, 20],
  ])("%d needs %d", (q, n) => {
    expect(minimumSamples(q)).toBe(n);
  });
});

describe("interval of a quantile", () => {
  it.each(SCIPY.quantile_interval_ranks)("of %d samples at %d has SciPy's binomial ranks", (n, q, low, high) => {
    const interval = quantileInterval(ranks(n), q);
    const exists = low >= 0 && high < n;
    expect(interval).toEqual(exists ? { level: 0.95, low, high, method: "order-statistic" } : undefined);
  });

  it.each([
    [20, 0.5],
    [200, 0.9],
    [1000, 0.99],
  ])("of %d samples at %d covers at least 95 %%", (n, q) => {
    const random = seededRandom(n);
    const trials = 2000;
    const truth = -Math.log(1 - q);
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const found = quantileInterval(sortSamples(Array.from({ length: n }, () => -Math.log(1 - random()))), q);
      if (found !== undefined && found.low <= truth && truth <= found.high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.94);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it("of a million samples needs a moment", () => {
    const { low, high } = quantileInterval(ranks(1_000_000), 0.99) ?? { low: 0, high: 0 };
    expect([low, high]).toEqual([989_804, 990_195]);
  });
});
