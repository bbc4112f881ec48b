import { describe, expect, it } from "vitest";
import { meanInterval, seededRandom } from "../../src/statistics/interval.ts";

type Draw = (random: () => number) => number;

const gauss: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const skewed: Draw = (random) => Math.exp(0.5 * gauss(random));

/** Share of intervals that hold the true mean. */
function coverage(draw: Draw, truth: number, { n, trials }: { readonly n: number; readonly trials: number }): number {
  const random = seededRandom(100 + n);
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const found = meanInterval(Array.from({ length: n }, () => draw(random)));
    if (found !== undefined && found.low <= truth && truth <= found.high) covered++;
  }
  return covered / trials;
}

/** Trials by cost: a bootstrap of 30 is slower than a Student interval of 3. */
const SIZES = [
  { n: 3, trials: 20_000 },
  { n: 5, trials: 20_000 },
  { n: 10, trials: 800 },
  { n: 30, trials: 400 },
] as const;

/** Tens of millions of draws: a slow machine needs longer than a test commonly has. */
const TIME = 60_000;

describe("95 % intervals of the mean", { timeout: TIME }, () => {
  it.each(SIZES)("of $n normal samples cover 93 to 97 %", (size) => {
    const share = coverage(gauss, 0, size);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });

  it.each(SIZES)("of $n skewed samples cover at least 88 %", (size) => {
    expect(coverage(skewed, Math.exp(0.125), size)).toBeGreaterThanOrEqual(0.88);
  });
});
