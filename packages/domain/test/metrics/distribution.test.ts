import { describe, expect, it } from "vitest";
import { summariseDistribution, unavailableDistribution } from "../../src/metrics/distribution.ts";
import { isAvailable, unavailable } from "../../src/reading.ts";

const label = { unit: "ms", source: "clock" } as const;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => n - index);

describe("a distribution", () => {
  it("is told by statistic, in one unit, whatever the order of its samples", () => {
    const found = summariseDistribution(upTo(101), label);
    const values = Object.entries(found).map(([name, reading]) => [
      name,
      isAvailable(reading) ? reading.value : undefined,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      mean: 51,
      sd: expect.closeTo(29.3002, 4),
      min: 1,
      max: 101,
      p50: 51,
      p90: 91,
      p95: 96,
      p99: 100,
    });
    expect(Object.values(found)).toEqual(
      Array(8).fill(expect.objectContaining({ ...label, n: 101, status: "measured" })),
    );
  });

  it.each([
    [1, ["mean", "min", "max"]],
    [2, ["mean", "sd", "min", "max", "p50"]],
    [10, ["mean", "sd", "min", "max", "p50", "p90"]],
    [20, ["mean", "sd", "min", "max", "p50", "p90", "p95"]],
    [99, ["mean", "sd", "min", "max", "p50", "p90", "p95"]],
    [100, ["mean", "sd", "min", "max", "p50", "p90", "p95", "p99"]],
  ])("of %d samples has %j", (n, names) => {
    const found = summariseDistribution(upTo(n), label);
    expect(
      Object.entries(found)
        .filter(([, reading]) => isAvailable(reading))
        .map(([name]) => name),
    ).toEqual(names);
  });

  it("says how many samples a quantile lacks", () => {
    expect(summariseDistribution(upTo(19), label).p95).toEqual(
      unavailable("too-few-samples", "p95 needs 20 samples, there are 19"),
    );
  });

  it("of nothing is missing, never zero", () => {
    expect(Object.values(summariseDistribution([], label)).some(isAvailable)).toBe(false);
  });

  it("that is missing has the same reason everywhere", () => {
    const reason = unavailable("switched-off", "no");
    expect(new Set(Object.values(unavailableDistribution(reason)))).toEqual(new Set([reason]));
  });

  it("has no intervals when its samples depend on one another", () => {
    const found = summariseDistribution(upTo(50), label, { independent: false });
    expect(Object.values(found).filter((reading) => "interval" in reading)).toEqual([]);
    expect(found.mean).toMatchObject({ value: 25.5, n: 50 });
  });
});
