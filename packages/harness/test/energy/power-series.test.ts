import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PowerSeries } from "../../src/energy/power-series.ts";

const second = 1e9;

describe("PowerSeries", () => {
  it("takes each sample as the mean power since the one before it", () => {
    const series = new PowerSeries({ t_ns: [0, second, 2 * second], power_w: [999, 100, 300] });
    expect(series.energyUntil(second)).toBe(100);
    expect(series.energyUntil(2 * second)).toBe(400);
    expect(series.energyUntil(1.5 * second) - series.energyUntil(0.5 * second)).toBe(50 + 150);
  });

  it("holds nothing outside its range", () => {
    const series = new PowerSeries({ t_ns: [second, 2 * second], power_w: [50, 50] });
    expect(series.energyUntil(0)).toBe(0);
    expect(series.energyUntil(9 * second)).toBe(50);
  });

  it("integrates a sampled ramp as its closed form at the samples", () => {
    const n = 1000;
    const t_ns = Array.from({ length: n + 1 }, (_, i) => (i * 10 * second) / n);
    const power_w = t_ns.map((time, i) => (i === 0 ? 0 : (time + (t_ns[i - 1] ?? 0)) / 2 / second));
    const series = new PowerSeries({ t_ns, power_w });
    for (const at of [1, 2.5, 10]) expect(series.energyUntil(at * second)).toBeCloseTo(at ** 2 / 2, 9);
  });

  it("integrates a square wave exactly, wherever the edges lie", () => {
    const t_ns = Array.from({ length: 401 }, (_, i) => i * 0.02 * second);
    const power_w = t_ns.map((_, i) => (Math.ceil(i / 5) % 2 === 1 ? 300 : 100));
    const series = new PowerSeries({ t_ns, power_w });
    const closedForm = (t: number): number => {
      const whole = Math.floor(t / 0.2);
      const rest = t - whole * 0.2;
      return whole * 40 + Math.min(rest, 0.1) * 300 + Math.max(0, rest - 0.1) * 100;
    };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 7.9, noNaN: true }), (t) => {
        expect(series.energyUntil(t * second)).toBeCloseTo(closedForm(t), 5);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("finds gaps by the usual interval of the samples", () => {
    const t_ns = [0, 1, 2, 3, 9, 10, 11].map((t) => t * second);
    const series = new PowerSeries({ t_ns, power_w: t_ns.map(() => 1) });
    expect(series.gaps).toEqual([{ from_ns: 3 * second, to_ns: 9 * second }]);
    expect(series.hasGapBetween(0, 3 * second)).toBe(false);
    expect(series.hasGapBetween(0, 3.1 * second)).toBe(true);
    expect(series.hasGapBetween(9 * second, 11 * second)).toBe(false);
  });

  it("refuses what is no series", () => {
    expect(() => new PowerSeries({ t_ns: [1], power_w: [1] })).toThrow(
      expect.objectContaining({ code: "energy.trace" }),
    );
    expect(() => new PowerSeries({ t_ns: [2, 1], power_w: [1, 1] })).toThrow(
      expect.objectContaining({ code: "energy.trace" }),
    );
  });
});
