import { describe, expect, it } from "vitest";
import { isAvailable, unavailable } from "@lem/domain";
import { idleDrift, idlePower, type Baseline } from "../../src/energy/baseline.ts";
import type { BaselineKind } from "../../src/energy/idle-span.ts";
import { energyReadings } from "../../src/readings/energy.ts";
import { baselineReadings } from "../../src/readings/baseline.ts";
import { windowOf } from "../support/measurement.ts";

const idle = (kind: BaselineKind, watts: number): Baseline => ({
  kind,
  from_ns: 0,
  to_ns: 5e9,
  energy: [{ status: "measured", domain: "gpu0", energy_j: 5 * watts, source: "ring", relative_gain_error: 0.05 }],
});
const lost: Baseline = {
  ...idle("bare-after", 0),
  energy: [{ ...unavailable("read-failed", "a gap"), domain: "gpu0", code: "sample-gap" }],
};

describe("idle power", () => {
  it("is the mean of before and after, and of one alone where the other failed", () => {
    expect(idlePower([idle("bare-before", 70), idle("bare-after", 72)], "bare", "gpu0")).toMatchObject({ value: 71 });
    expect(idlePower([idle("bare-before", 70), lost], "bare", "gpu0")).toMatchObject({ value: 70, n: 1 });
  });

  it("is missing, never zero, when it was not measured", () => {
    expect(idlePower([idle("bare-before", 70)], "loaded", "gpu0")).toMatchObject({ reason: "switched-off" });
    expect(idlePower([idle("bare-before", 70)], "bare", "gpu1")).toMatchObject({ status: "unavailable" });
  });

  it.each([
    [70, 71.9, false],
    [70, 73, true],
    [500, 505, false],
    [500, 489, true],
  ])("from %d to %d W has drifted: %s", (before, after, drifted) => {
    expect(idleDrift([idle("loaded-before", before), idle("loaded-after", after)], "loaded", "gpu0")).toMatchObject({
      drifted,
    });
  });
});

describe("energy above idle", () => {
  const window = windowOf(0, {
    energy: [{ status: "measured", domain: "gpu0", energy_j: 1200, source: "ring", relative_gain_error: 0.05 }],
  });

  it("takes off the idle power over the length of the windows: bare and with the model loaded", () => {
    const found = energyReadings([window], [idle("bare-before", 70), idle("loaded-before", 120)]);
    expect(found.total_j).toMatchObject({ value: 1200 });
    expect(found.above_idle_bare_j).toMatchObject({ value: 1200 - 6 * 70 });
    expect(found.above_idle_loaded_j).toMatchObject({ value: 1200 - 6 * 120 });
    expect(found.above_idle_loaded_joules_per_output_token).toMatchObject({ value: (1200 - 720) / 8 });
  });

  it("is known no better than the idle power, which may change from before to after", () => {
    const windows = [1200, 1201, 1199].map((energy_j, index) =>
      windowOf(index, {
        energy: [{ status: "measured", domain: "gpu0", energy_j, source: "ring", relative_gain_error: 0.05 }],
      }),
    );
    const width = (after: number): number => {
      const baselines = [idle("loaded-before", 120), idle("loaded-after", after)];
      const found = energyReadings(windows, baselines).above_idle_loaded_joules_per_output_token;
      const { low, high } = (isAvailable(found) && found.interval) || { low: 0, high: 0 };
      return high - low;
    };
    // 2 W on 200 W of 150 J/token: half of it, on either side, at 1.96 standard deviations.
    expect(width(122) ** 2 - width(120) ** 2).toBeCloseTo((2 * 1.959964 * 150 * (1 / 200)) ** 2, 1);
  });

  it("is unavailable without a baseline, while the total stays", () => {
    const found = energyReadings([window], []);
    expect([found.total_j.status, found.above_idle_bare_j.status]).toEqual(["measured", "unavailable"]);
  });

  it("keeps every stretch of idleness in the result", () => {
    const baselines = [idle("bare-before", 70), idle("loaded-before", 120), idle("loaded-after", 121), lost];
    expect(baselineReadings({ baselines, reuse: null, windows: [] })).toMatchObject({
      idle_power: { value: 70 },
      idle_loaded_power: { value: 120.5 },
      loaded_after: { value: 121 },
      bare_after: { status: "unavailable" },
    });
  });
});
