import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/statistics/interval.ts";
import { correlationLength, seriesInterval } from "../../src/statistics/series.ts";

const gauss = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A series in which each sample keeps a share of the one before it; its mean is 0. */
function autoregressive(n: number, share: number, seed: number): number[] {
  const random = seededRandom(seed);
  let last = gauss(random) / Math.sqrt(1 - share * share);
  return Array.from({ length: n }, () => (last = share * last + gauss(random)));
}

describe("interval of the mean of a correlated series", () => {
  it.each([0, 0.5, 0.8])("covers 90 to 98 percent at a correlation of %f", (share) => {
    const trials = 300;
    const covered = Array.from({ length: trials }, (_, trial) => seriesInterval(autoregressive(600, share, trial + 1)));
    const held = covered.filter((interval) => interval !== undefined && interval.low <= 0 && interval.high >= 0).length;
    expect(held / trials).toBeGreaterThanOrEqual(0.9);
    expect(held / trials).toBeLessThanOrEqual(0.98);
  });

  it("is wider than that of independent samples, and does not exist for few", () => {
    const width = (share: number): number => {
      const { low, high } = seriesInterval(autoregressive(600, share, 3)) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(0.8)).toBeGreaterThan(3 * width(0));
    expect(seriesInterval([1, 2, 3])).toBeUndefined();
  });

  it("knows how long a series remembers", () => {
    expect(correlationLength(autoregressive(5000, 0, 1))).toBeCloseTo(1, 0);
    expect(correlationLength(autoregressive(5000, 0.8, 1))).toBeGreaterThan(5);
    expect(correlationLength([2, 2, 2])).toBe(1);
  });
});
