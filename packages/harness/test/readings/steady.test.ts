import { unavailable, type Reading, type RequestTimeline } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { Recording } from "../../src/energy/recording.ts";
import { energiesBetween } from "../../src/energy/window-energy.ts";
import { withSteady } from "../../src/load/with-steady.ts";
import { windowRecord } from "../../src/measure-windows.ts";
import { steadyReadings, type SteadyEvidence } from "../../src/readings/steady.ts";
import { chainOf, recordingOf, requestOf } from "../support/load.ts";

const valueOf = (reading: Reading): number => (reading.status === "unavailable" ? Number.NaN : reading.value);

/** Four lanes of requests for some seconds: 400 tokens a second but for the prompts. */
const lanes = (seconds: number): readonly RequestTimeline[] =>
  Array.from({ length: 4 }, (_, lane) => chainOf(Math.floor((seconds * 1000) / 500), 49, lane * 125)).flat();

function evidence(
  timelines: readonly RequestTimeline[],
  seconds: number,
  recordings: readonly Recording[],
): readonly SteadyEvidence[] {
  const end_ns = seconds * 1e9;
  const record = windowRecord(1, timelines, { origin_ns: 0, end_ns, cpu_s: null });
  return withSteady([{ record, end_ns, timelines, energy: energiesBetween(recordings, [0, end_ns], {}) }], recordings);
}

describe("figures of the steady state", () => {
  const recordings = [recordingOf(() => 500, 32)];
  const found = steadyReadings(evidence(lanes(30), 30, recordings), recordings);

  it("are cut at ticks, with the tokens counted at the same instants", () => {
    expect(valueOf(found.steady_length)).toBeGreaterThan(27);
    const rate = (4 * 49) / 0.5;
    expect(valueOf(found.steady_output_tokens_per_second) / rate).toBeCloseTo(1, 1);
    expect(valueOf(found.steady_power)).toBeCloseTo(500, 6);
    expect(Math.abs(valueOf(found.steady_joules_per_output_token) / (500 / rate) - 1)).toBeLessThan(0.005);
    expect(valueOf(found.steady_counter_ratio)).toBeCloseTo(1, 6);
    expect(found.steady_joules_per_output_token).toMatchObject({ source: "energy counter between two of its ticks" });
  });

  it("are known as far as the pieces between ticks say, where there is one window", () => {
    const joules = found.steady_joules_per_output_token;
    expect(joules).toMatchObject({ n: expect.any(Number) as number, interval: { level: 0.95 } });
    const { interval } = joules as { interval: { low: number; high: number } };
    expect(interval.low).toBeLessThan(valueOf(joules));
    expect((interval.high - interval.low) / valueOf(joules)).toBeLessThan(0.05);
    const [window] = evidence(lanes(30), 30, recordings);
    const three = steadyReadings([window!, window!, window!], recordings);
    expect(three.steady_power).toMatchObject({ n: 3 });
  });

  it("add the domains up, each between ticks of its own", () => {
    const both = [...recordings, recordingOf(() => 100, 32, { domain: "gpu1", counter_gain: 1.01 })];
    const sum = steadyReadings(evidence(lanes(30), 30, both), both);
    expect(valueOf(sum.steady_power)).toBeCloseTo(601, 6);
  });

  it("leave joules a token out where no prompt was computed: that is decoding alone", () => {
    const long = [0, 1].map((request) =>
      requestOf(request, { submitted_ms: 0, token_ms: Array.from({ length: 2990 }, (_, index) => 20 + index * 10) }),
    );
    const alone = steadyReadings(evidence(long, 30, recordings), recordings);
    expect(alone.steady_joules_per_output_token).toMatchObject({ status: "unavailable", reason: "not-applicable" });
    expect(valueOf(alone.steady_power)).toBeCloseTo(500, 6);
    const rounds = [0, 1, 2].flatMap((lane) => chainOf(2, 1499, lane * 40));
    const few = steadyReadings(evidence(rounds, 30, recordings), recordings);
    expect(few.steady_joules_per_output_token).toMatchObject({
      reason: "too-few-samples",
      detail: expect.stringContaining("it takes 3") as string,
    });
  });

  it("are of the windows that can be cut", () => {
    const [whole] = evidence(lanes(30), 30, recordings);
    const gone = { ...whole!, energy: [{ ...unavailable("read-failed", "gpu0: a gap"), domain: "gpu0" }] };
    const some = steadyReadings([gone, whole!, whole!], recordings);
    expect(some.steady_power).toMatchObject({ status: "measured", value: expect.closeTo(500, 6) as number });
    expect(steadyReadings([gone], recordings).steady_power).toMatchObject({ reason: "read-failed" });
  });

  it("are unavailable for the reason why there is no steady state, or no energy", () => {
    const brief = steadyReadings(evidence(lanes(3), 3, recordings), recordings);
    expect(brief.steady_power).toMatchObject({
      status: "unavailable",
      detail: expect.stringContaining("too-short") as string,
    });
    const off = [recordingOf(() => 500, 32, { counter_gain: 1.1 })];
    const rejected = steadyReadings(evidence(lanes(30), 30, off), off);
    expect(rejected.steady_joules_per_output_token).toMatchObject({
      reason: "read-failed",
      detail: expect.stringContaining("sources-disagree") as string,
    });
    expect(valueOf(rejected.steady_length)).toBeGreaterThan(27);
    const bare = steadyReadings(evidence(lanes(30), 30, []), []);
    expect([bare.steady_power.status, bare.steady_counter_ratio.status]).toEqual(["unavailable", "unavailable"]);
    expect(valueOf(bare.steady_output_tokens_per_second)).toBeGreaterThan(300);
  });
});
