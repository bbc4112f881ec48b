import { describe, expect, it } from "vitest";
import {
  bootstrapBounds,
  BOOTSTRAP_FROM,
  BOOTSTRAP_TO,
  expandedTail,
  meanInterval,
  seededRandom,
} from "../../src/statistics/interval.ts";
import { standardDeviation } from "../../src/statistics/summary.ts";
import { sample, SCIPY } from "./scipy.ts";

/** Monte Carlo error of 10 000 resamples at a tail of 2.5 %, in standard errors of the mean, with a margin. */
const BOOTSTRAP_TOLERANCE = 0.1;

const standardError = (samples: readonly number[]): number => standardDeviation(samples) / Math.sqrt(samples.length);

describe("Student's interval of the mean", () => {
  it.each(Object.entries(SCIPY.student_intervals))("of the first nine of: %s", (name) => {
    const nine = sample(name).slice(0, BOOTSTRAP_FROM - 1);
    const half = 2.306004135204166 * standardError(nine);
    const { low, high, method, level } = meanInterval(nine) ?? { low: 0, high: 0, method: "", level: 0 };
    expect({ method, level }).toEqual({ method: "student-t", level: 0.95 });
    expect((high - low) / 2).toBeCloseTo(half, 9);
  });

  it("serves many samples, and samples without spread", () => {
    const many = Array.from({ length: BOOTSTRAP_TO + 1 }, (_, index) => index % 7);
    expect(meanInterval(many)?.method).toBe("student-t");
    expect(meanInterval(Array<number>(20).fill(4))).toEqual({ level: 0.95, low: 4, high: 4, method: "student-t" });
  });

  it("does not exist for one sample", () => {
    expect([meanInterval([]), meanInterval([1])]).toEqual([undefined, undefined]);
  });
});

describe("bootstrap interval of the mean", () => {
  const names = Object.keys(SCIPY.samples);

  it.each(names)("plain, of %s, equals SciPy's within its own Monte Carlo error", (name) => {
    const [{ low, high }, expected] = [bootstrapBounds(sample(name), 0.025), SCIPY.bca_bootstraps[name]];
    const scale = standardError(sample(name));
    expect(Math.abs(low - (expected?.low ?? NaN)) / scale).toBeLessThan(BOOTSTRAP_TOLERANCE);
    expect(Math.abs(high - (expected?.high ?? NaN)) / scale).toBeLessThan(BOOTSTRAP_TOLERANCE);
  });

  it.each(names)("as reported, of %s, equals SciPy's with widened tails", (name) => {
    const [found, expected] = [meanInterval(sample(name)), SCIPY.expanded_bca_bootstraps[name]];
    const scale = standardError(sample(name));
    expect(found?.method).toBe("bca-bootstrap");
    expect(1 - 2 * expandedTail(0.025, sample(name).length)).toBeCloseTo(expected?.level ?? NaN, 9);
    expect(Math.abs((found?.low ?? NaN) - (expected?.low ?? NaN)) / scale).toBeLessThan(2 * BOOTSTRAP_TOLERANCE);
    expect(Math.abs((found?.high ?? NaN) - (expected?.high ?? NaN)) / scale).toBeLessThan(2 * BOOTSTRAP_TOLERANCE);
  });

  it("is the same for the same samples", () => {
    const samples = sample("exponential, n = 60");
    expect(meanInterval(samples)).toEqual(meanInterval([...samples]));
  });

  it("leans towards the long tail", () => {
    const samples = sample("exponential, n = 60");
    const centre = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const { low, high } = meanInterval(samples) ?? { low: 0, high: 0 };
    expect(high - centre).toBeGreaterThan(centre - low);
  });
});

describe("seeded generator", () => {
  it("repeats itself and fills the unit interval evenly", () => {
    const [one, two] = [seededRandom(5), seededRandom(5)];
    const values = Array.from({ length: 10_000 }, one);
    expect(values.slice(0, 100)).toEqual(Array.from({ length: 100 }, two));
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => values.filter((value) => Math.floor(value * 10) === tenth).length,
    );
    expect(Math.min(...tenths)).toBeGreaterThan(900);
    expect(Math.max(...tenths)).toBeLessThan(1100);
  });
});
