import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/statistics/interval.ts";
import { FEWEST_SAMPLES, levelShift, plateauOf } from "../../src/statistics/plateau.ts";

const gauss = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A level of 100 with noise in which each sample keeps a share of the one before it. */
function level(n: number, share: number, seed: number): number[] {
  const random = seededRandom(seed);
  let last = 0;
  return Array.from({ length: n }, () => 100 + (last = share * last + gauss(random)));
}

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const shareOf = (holds: (seed: number) => boolean): number => SEEDS.filter(holds).length / SEEDS.length;

describe("plateau of a series", () => {
  it("begins where a ramp ends, and ends where one begins", () => {
    const values = level(400, 0, 9).map((value, index) => value * Math.min(1, index / 80, (400 - index) / 60));
    const { from, to } = plateauOf(values) ?? { from: 0, to: 0 };
    expect({ from: Math.abs(from - 80) <= 15, to: Math.abs(to - 340) <= 15 }).toEqual({ from: true, to: true });
  });

  it.each([0, 0.5, 0.8])("is most of a steady series, at a correlation of %f", (share) => {
    const kept = SEEDS.map((seed) => {
      const plateau = plateauOf(level(200, share, seed));
      return plateau === undefined ? 0 : plateau.to - plateau.from;
    });
    expect(kept.filter((length) => length >= 100).length / kept.length).toBeGreaterThanOrEqual(0.95);
  });

  it("ends before a late step", () => {
    const stepped = level(400, 0, 1).map((value, index) => (index >= 300 ? 2 : 1) * value);
    expect(plateauOf(stepped)).toEqual({ from: 0, to: 300 });
  });

  it("of a growing series changes its level", () => {
    const growing = level(400, 0, 1).map((value, index) => value + index);
    const { from, to } = plateauOf(growing) ?? { from: 0, to: 400 };
    expect(levelShift(growing.slice(from, to))).toMatchObject({ significant: true });
    expect(Math.abs(levelShift(growing.slice(from, to)).relative)).toBeGreaterThan(0.2);
  });

  it("is not found where the level steps midway, or in a short series", () => {
    expect(plateauOf(level(400, 0, 1).map((value, index) => (index >= 200 ? 2 : 1) * value))).toBeUndefined();
    expect(plateauOf(level(FEWEST_SAMPLES - 1, 0, 1))).toBeUndefined();
    const rounded = Array.from({ length: 200 }, (_, index) => 7 + (index % 7) * 1e-14);
    expect(plateauOf(rounded)).toEqual({ from: 0, to: 200 });
    expect(plateauOf(new Float64Array(FEWEST_SAMPLES).fill(7))).toEqual({ from: 0, to: FEWEST_SAMPLES });
  });
});

describe("shift of the level of a series", () => {
  it.each([0, 0.5, 0.8])("is hardly ever seen in a steady series, at a correlation of %f", (share) => {
    expect(shareOf((seed) => levelShift(level(200, share, seed)).significant)).toBeLessThanOrEqual(0.08);
  });

  it("is found with its place and size", () => {
    const stepped = level(200, 0.5, 3).map((value, index) => (index >= 120 ? 1.05 : 1) * value);
    const { at, relative, significant } = levelShift(stepped);
    expect(significant).toBe(true);
    expect(Math.abs(at - 120)).toBeLessThanOrEqual(8);
    expect(relative).toBeCloseTo(0.05, 1);
  });

  it("is not a wave", () => {
    const wave = level(400, 0, 4).map((value, index) => value + 20 * Math.sign(Math.sin(index / 4)));
    expect(levelShift(wave).significant).toBe(false);
    expect(levelShift([])).toEqual({ at: 0, relative: 0, significant: false });
  });
});
