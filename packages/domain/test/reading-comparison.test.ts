import { describe, expect, it } from "vitest";
import { compareReadings, WANDER_BETWEEN_LOADS } from "../src/reading-comparison.ts";
import { measured, unavailable, type Reading } from "../src/reading.ts";
import { stretchInterval, WANDER_WITHIN_LOAD } from "../src/statistics/estimate.ts";
import { meanInterval } from "../src/statistics/interval.ts";
import { mean } from "../src/statistics/summary.ts";

const SAME = { sameSensor: true, singleLoads: true };
const spread = [1, 1.004, 0.997, 1.002, 0.998, 1.001, 0.999, 1.003, 0.996, 1];

/** J/token of one load whose windows spread by a quarter of a percent. */
function loadOf(level: number): Reading {
  const values = spread.map((each) => level * each);
  const interval = stretchInterval(values, WANDER_WITHIN_LOAD.energy);
  return measured({
    value: mean(values),
    unit: "J/token",
    source: "ring",
    n: values.length,
    ...(interval === undefined ? {} : { interval }),
    systematic: { relative: 0.05, source: "gain" },
  });
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

  it("does not tell loads apart that differ by no more than loads do", () => {
    const found = compareReadings(loadOf(0.066), loadOf(0.066 * (1 + 2 * WANDER_BETWEEN_LOADS)), SAME);
    expect(found).toMatchObject({ status: "compared", distinguishable: false });
    const cycles = compareReadings(loadOf(0.066), loadOf(0.066 * (1 + 2 * WANDER_BETWEEN_LOADS)), {
      ...SAME,
      singleLoads: false,
    });
    expect(cycles).toMatchObject({ distinguishable: true });
  });

  it("leaves between two boards what their gains leave open", () => {
    const step = (relative: number, sameSensor: boolean): ReturnType<typeof compareReadings> =>
      compareReadings(loadOf(0.066), loadOf(0.066 * (1 + relative)), { sameSensor, singleLoads: true });
    expect(step(0.06, true)).toMatchObject({ distinguishable: true });
    expect(step(0.06, false)).toMatchObject({ distinguishable: false, systematic: expect.closeTo(0.0707, 4) });
    expect(step(0.12, false)).toMatchObject({ distinguishable: true });
  });

  it("takes the interval of independent repeats as it is", () => {
    const cycles = (values: readonly number[]): Reading => {
      const interval = meanInterval(values);
      return measured({
        value: mean(values),
        unit: "J/token",
        source: "ring",
        n: values.length,
        ...(interval && { interval }),
      });
    };
    // scipy.stats.ttest_ind([10, 11, 12, 13], [12, 13, 14, 15], equal_var=False)
    const found = compareReadings(cycles([10, 11, 12, 13]), cycles([12, 13, 14, 15]), {
      sameSensor: true,
      singleLoads: false,
    });
    expect(found).toMatchObject({ status: "compared", p: expect.closeTo(0.0709877, 6), distinguishable: false });
  });

  it("says why it does not know", () => {
    const none = unavailable("no-sensor", "no NVML");
    const single = measured({ value: 1, unit: "J/token", source: "ring", n: 1 });
    expect(compareReadings(none, loadOf(1), SAME)).toEqual({
      status: "unknown",
      detail: "the first is unavailable: no NVML",
    });
    expect(compareReadings(loadOf(1), single, SAME)).toMatchObject({ status: "unknown" });
  });
});
