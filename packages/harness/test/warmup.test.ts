import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LemEvent } from "@lem/domain";
import { judgeWarmup, warmUp, type WarmupRule } from "../src/warmup.ts";

const rule: WarmupRule = { enabled: true, min_runs: 3, max_runs: 6, window: 3, target_cv: 0.05 };

describe("judgeWarmup", () => {
  it("goes on below the window, whatever the durations", () => {
    expect(judgeWarmup([1, 1], rule)).toEqual({ status: "continue", cv: null });
  });

  it("converges on the last durations, not on the slow first ones", () => {
    expect(judgeWarmup([9, 1, 1, 1], rule)).toEqual({ status: "converged", cv: 0 });
  });

  it("takes the sample standard deviation over the mean", () => {
    const { cv } = judgeWarmup([1, 2, 3], rule);
    expect(cv).toBeCloseTo(0.5, 12);
  });

  it("does not converge before min_runs", () => {
    expect(judgeWarmup([1, 1, 1], { ...rule, min_runs: 5 }).status).toBe("continue");
  });

  it("ends without convergence at max_runs", () => {
    expect(judgeWarmup([1, 2, 1, 2, 1, 2], rule).status).toBe("not-reached");
  });

  it("always ends by max_runs, and never claims convergence above the target", () => {
    const runs = fc.array(fc.double({ min: 0.001, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 });
    const law = fc.property(runs, (durations) => {
      const { status, cv } = judgeWarmup(durations, rule);
      const ends = durations.length < rule.max_runs || status !== "continue";
      return ends && (status !== "converged" || (cv !== null && cv <= rule.target_cv));
    });
    expect(fc.check(law, { seed: 3, numRuns: 200 }).counterexample).toBeNull();
  });
});

describe("warmUp", () => {
  const durations = (list: number[]): (() => Promise<number>) => {
    let next = 0;
    return () => Promise.resolve(list[next++] ?? Number.NaN);
  };

  it("stops as soon as it has converged, and reports each run", async () => {
    const events: LemEvent[] = [];
    const record = await warmUp(rule, durations([4, 1, 1.01, 1, 50]), (event) => events.push(event));
    expect(record).toMatchObject({ status: "converged", runs: 4, limit: 6, run_seconds: [4, 1, 1.01, 1] });
    expect(record.cv).toMatchObject({ status: "measured", unit: "ratio", n: 3 });
    expect(events.map((event) => event.type === "warmup-run" && event.run)).toEqual([1, 2, 3, 4]);
  });

  it("keeps an unsteady warm-up as a result", async () => {
    const record = await warmUp(rule, durations([1, 2, 1, 2, 1, 2]), () => {});
    expect(record).toMatchObject({ status: "not-reached", runs: 6 });
    expect(record.cv.status).toBe("measured");
  });

  it("runs nothing when it is switched off", async () => {
    const record = await warmUp({ ...rule, enabled: false }, durations([]), () => {});
    expect(record).toMatchObject({ status: "skipped", runs: 0, cv: { reason: "switched-off" } });
  });
});
