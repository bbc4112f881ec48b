import { seededRandom, type RequestTimeline, type SteadyRecord } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { EnergyUntil } from "../../src/load/load-series.ts";
import { steadyStateOf } from "../../src/load/steady-state.ts";
import { chainOf, requestOf } from "../support/load.ts";

const until = (power: (t_s: number) => number, step_s = 0.01): EnergyUntil => {
  const sums = [0];
  for (let t = 0; t < 60; t += step_s) sums.push((sums.at(-1) ?? 0) + power(t) * step_s);
  return (t_ns) => sums[Math.round(t_ns / 1e9 / step_s)] ?? Number.NaN;
};

const judge = (timelines: readonly RequestTimeline[], seconds: number, power?: (t_s: number) => number): SteadyRecord =>
  steadyStateOf(timelines, { from_ns: 0, to_ns: seconds * 1e9 }, power === undefined ? null : until(power));

/** Eight lanes of requests that follow one another, each lane begun a little later. */
const lanes = (seconds: number, late_ms = 0): readonly RequestTimeline[] =>
  Array.from({ length: 8 }, (_, lane) =>
    chainOf(Math.floor((seconds * 1000 - lane * late_ms) / 500), 49, lane * late_ms),
  ).flat();

const noise = seededRandom(5);
const watts = (t_s: number): number => 400 + 20 * (noise() - 0.5) + 0 * t_s;

describe("steady state of a window", () => {
  it("is all of an even load, by tokens, requests and power", () => {
    const found = judge(lanes(20, 37), 20, watts);
    expect(found).toMatchObject({ status: "reached", series: ["tokens", "requests", "power"] });
    const { start_s, end_s } = found as Extract<SteadyRecord, { status: "reached" }>;
    expect([start_s < 2, end_s > 18]).toEqual([true, true]);
  });

  it("lies between the way up and the way down", () => {
    const late = 600;
    const { start_s, end_s } = judge(lanes(30, late), 33, watts) as Extract<SteadyRecord, { status: "reached" }>;
    expect(start_s).toBeGreaterThan(3.5);
    expect(start_s).toBeLessThan(6);
    expect(end_s).toBeGreaterThan(28);
    expect(end_s).toBeLessThan(31);
  });

  it("is judged by the load alone where no power was sampled", () => {
    expect(judge(lanes(20), 20)).toMatchObject({ status: "reached", series: ["tokens", "requests"] });
  });

  it("is not reached when the power steps, or creeps", () => {
    const step = judge(lanes(20, 37), 20, (t) => (t > 10 ? 1.05 : 1) * watts(t));
    expect(step).toMatchObject({ status: "not-reached", series: "power" });
    const creep = judge(lanes(20, 37), 20, (t) => watts(t) * (1 + t / 100));
    expect(creep).toMatchObject({ status: "not-reached", series: "power" });
  });

  it("is not reached when requests pile up", () => {
    const pile = Array.from({ length: 60 }, (_, index) =>
      requestOf(index, {
        submitted_ms: index * 100,
        token_ms: Array.from({ length: 100 }, (__, n) => index * 200 + 20 + 10 * n),
      }),
    );
    expect(judge(pile, 12)).toMatchObject({ status: "not-reached" });
  });

  it("needs time and tokens with times", () => {
    expect(judge(lanes(4), 4)).toMatchObject({ status: "not-reached", reason: "too-short" });
    const silent = chainOf(5, 20).map((timeline) => ({ ...timeline, timing: "none" as const }));
    expect(judge(silent, 20)).toMatchObject({ status: "not-reached", reason: "no-token-times" });
    expect(judge([], 20)).toMatchObject({ status: "not-reached", reason: "too-short", detail: "there was no output" });
  });

  it("is never refused in 50 even loads with noise; 20 of 20 with a step are refused, or begin behind it", () => {
    const power = (seed: number, steps_s: number): ((t_s: number) => number) => {
      const random = seededRandom(seed);
      return (t) => (t > steps_s ? 1.05 : 1) * (400 + 40 * (random() - 0.5));
    };
    const found = (count: number, steps_s: number): SteadyRecord[] =>
      Array.from({ length: count }, (_, seed) => judge(lanes(25, 37), 25, power(seed + 1, steps_s)));
    expect(found(50, 30).filter(({ status }) => status !== "reached")).toEqual([]);
    expect(found(20, 12.5).filter(({ status }) => status !== "not-reached")).toEqual([]);
    const begins = found(20, 8).map((record) => (record.status === "reached" ? record.start_s : 8));
    expect(Math.min(...begins)).toBeGreaterThanOrEqual(7.5);
  });
});
