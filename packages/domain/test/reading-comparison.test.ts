import { describe, expect, it } from "vitest";
import { compareReadings, WANDER_BETWEEN_LOADS, type ComparedFigure } from "../src/reading-comparison.ts";
import { measured, unavailable } from "../src/reading.ts";
import { stretchInterval, WANDER_WITHIN_LOAD } from "../src/statistics/estimate.ts";
import { mean } from "../src/statistics/summary.ts";

const SAME = { sameSensor: true, paired: false };
const spread = [1, 1.004, 0.997, 1.002, 0.998, 1.001, 0.999, 1.003, 0.996, 1];

/** J/token of one load whose windows spread by a quarter of a percent. */
function loadOf(level: number): ComparedFigure {
  const values = spread.map((each) => level * each);
  const interval = stretchInterval(values, WANDER_WITHIN_LOAD.energy);
  const reading = measured({
    value: mean(values),
    unit: "J/token",
    source: "ring",
    n: values.length,
    ...(interval === undefined ? {} : { interval }),
    systematic: { relative: 0.05, source: "gain" },
  });
  return { reading };
}

/** J/token of several cycles, whose number of windows says nothing of them. */
function cyclesOf(values: readonly number[], from = 1): ComparedFigure {
  const reading = measured({ value: mean(values), unit: "J/token", source: "ring", n: 10 * values.length });
  return { reading, cycles: values.map((value, index) => [from + index, value]) };
}

describe("compareReadings", () => {
  it("finds a step of 3 % between two loads, with its size and interval", () => {
    const found = compareReadings(loadOf(0.066), loadOf(0.066 * 1.03), SAME);
    expect(found).toMatchObject({
      status: "compared",
      distinguishable: true,
      relative: expect.closeTo(0.03, 9),
      systematic: 0,
    });
  });

  it("does not tell single loads apart that differ by no more than loads do", () => {
    const found = compareReadings(loadOf(0.066), loadOf(0.066 * (1 + 2 * WANDER_BETWEEN_LOADS)), SAME);
    expect(found).toMatchObject({ status: "compared", by: "windows", distinguishable: false, effect: null });
  });

  it("lets an energy above idle move as much as the whole energy does", () => {
    const step = 1.04;
    expect(compareReadings(loadOf(0.01), loadOf(0.01 * step), SAME)).toMatchObject({ distinguishable: true });
    const [first, second] = [loadOf(0.01), loadOf(0.01 * step)].map((each) => ({ ...each, level: 0.1 })) as [
      ComparedFigure,
      ComparedFigure,
    ];
    expect(compareReadings(first, second, SAME)).toMatchObject({ distinguishable: false });
  });

  it("leaves between two boards what their gains leave open", () => {
    const step = (relative: number, sameSensor: boolean): ReturnType<typeof compareReadings> =>
      compareReadings(loadOf(0.066), loadOf(0.066 * (1 + relative)), { sameSensor, paired: false });
    expect(step(0.06, true)).toMatchObject({ distinguishable: true });
    expect(step(0.06, false)).toMatchObject({ distinguishable: false, systematic: expect.closeTo(0.0707, 4) });
    expect(step(0.12, false)).toMatchObject({ distinguishable: true });
  });

  it("judges cycles as independent repeats, whatever the number of their windows", () => {
    // scipy.stats.ttest_ind([10, 11, 12, 13], [12, 13, 14, 15], equal_var=False)
    expect(compareReadings(cyclesOf([10, 11, 12, 13]), cyclesOf([12, 13, 14, 15]), SAME)).toMatchObject({
      status: "compared",
      by: "cycles",
      p: expect.closeTo(0.0709877, 6),
      distinguishable: false,
      effect: expect.any(Number),
    });
  });

  it("judges cycles that ran side by side in pairs, as far as both have them", () => {
    const pairs = { sameSensor: true, paired: true };
    expect(compareReadings(cyclesOf([10, 11, 12, 13]), cyclesOf([12, 13.1, 14, 14.9]), pairs)).toMatchObject({
      by: "paired-cycles",
      distinguishable: true,
    });
    // Cycles 2 to 4 of the first with those of the second: 11, 12, 13 and 12, 13, 14.1.
    expect(compareReadings(cyclesOf([10, 11, 12, 13]), cyclesOf([12, 13, 14.1], 2), pairs)).toMatchObject({
      relative: expect.closeTo(3.1 / 36, 9),
    });
    expect(compareReadings(cyclesOf([10, 11]), cyclesOf([12, 13], 7), pairs)).toMatchObject({ by: "cycles" });
  });

  it("says why it does not know", () => {
    const none = unavailable("no-sensor", "no NVML");
    const single = measured({ value: 1, unit: "J/token", source: "ring", n: 1 });
    expect(compareReadings({ reading: none }, loadOf(1), SAME)).toEqual({
      status: "unknown",
      detail: "the first is unavailable: no NVML",
    });
    expect(compareReadings(loadOf(1), { reading: single }, SAME)).toMatchObject({ status: "unknown" });
  });
});
