import { join } from "node:path";
import { isAvailable, mean, nanoseconds, type Reading, type RequestTimeline } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { energiesBetween } from "../../src/energy/window-energy.ts";
import { withSteady } from "../../src/load/with-steady.ts";
import { windowRecord } from "../../src/measure-windows.ts";
import { steadyReadings, type SteadyEvidence } from "../../src/readings/steady.ts";
import { readTrace, type RecordedTrace, type TracePhase } from "../support/recorded-trace.ts";

const EVENTS_A_REQUEST = 50;

/** A window of the recorded matrix products as if each batch of them were a token, fifty to a request. */
function windowBetween({ recording, work }: RecordedTrace, from_ns: number, to_ns: number): SteadyEvidence {
  const events = work.t_ns.filter((time) => time >= from_ns && time < to_ns).map((time) => time - from_ns);
  const count = Math.ceil(events.length / EVENTS_A_REQUEST);
  const timelines = Array.from({ length: count }, (_, request): RequestTimeline => {
    const token_ns = events.slice(request * EVENTS_A_REQUEST, (request + 1) * EVENTS_A_REQUEST);
    const before = events[request * EVENTS_A_REQUEST - 1] ?? Math.max(0, (token_ns[0] ?? 0) - 2e7);
    return {
      request,
      window: 1,
      origin_ns: nanoseconds(from_ns),
      submitted_ns: nanoseconds(before),
      finished_ns: nanoseconds(token_ns.at(-1) ?? before),
      input_tokens: 1,
      output_tokens: token_ns.length,
      output_ids: new Int32Array(token_ns.length),
      token_ns,
      timing: "token",
      finish: "length",
    };
  });
  const energy = energiesBetween([recording], [from_ns, to_ns], {});
  const record = windowRecord(1, timelines, { origin_ns: from_ns, end_ns: to_ns, cpu_s: null });
  return withSteady([{ record, end_ns: to_ns, timelines, energy }], [recording])[0] as SteadyEvidence;
}

const valueOf = (reading: Reading): number => (isAvailable(reading) ? reading.value : Number.NaN);

describe.each(["h100-gemm", "h200-steady"])("steady state of a constant load of %s", (name) => {
  const trace = readTrace(join(import.meta.dirname, `../energy/fixtures/${name}.json.gz`));
  const between = (from_ns: number, to_ns: number): SteadyEvidence => windowBetween(trace, from_ns, to_ns);
  const joulesOf = (window: SteadyEvidence): Reading =>
    steadyReadings([window], [trace.recording]).steady_joules_per_output_token;
  const loads = trace.phases.filter((phase) => phase.do === "constant");
  const { from_ns, to_ns } = loads[0] as TracePhase;
  const truth = valueOf(joulesOf(between(from_ns + 5e9, to_ns - 1e9)));

  it("is found in every window of 15 s, with the joules of 74 s within 0.5 % and within its interval", () => {
    const windows = Array.from({ length: 25 }, (_, index) => {
      const begin = from_ns + (6 + index * 2.1) * 1e9;
      return joulesOf(between(begin, begin + 15e9));
    });
    const errors = windows.map((reading) => valueOf(reading) / truth - 1);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.005);
    expect(Math.abs(mean(errors))).toBeLessThan(0.001);
    const covered = windows.filter(
      (reading) =>
        isAvailable(reading) &&
        reading.interval !== undefined &&
        reading.interval.low <= truth &&
        truth <= reading.interval.high,
    );
    expect(covered.length).toBeGreaterThanOrEqual(23);
  });

  it("leaves out the rest before the load and behind it", () => {
    const before = between(from_ns - 3e9, from_ns + 20e9);
    const behind = between(to_ns - 20e9, to_ns + 4e9);
    expect(before.record.steady).toMatchObject({ status: "reached" });
    expect(before.record.steady).toHaveProperty(
      "start_s",
      expect.toSatisfy((start: number) => start > 3.5),
    );
    expect(behind.record.steady).toHaveProperty(
      "end_s",
      expect.toSatisfy((end: number) => end < 20),
    );
    for (const window of [before, behind]) expect(Math.abs(valueOf(joulesOf(window)) / truth - 1)).toBeLessThan(0.005);
  });

  it("is none across two loads", () => {
    const other = loads[1] as TracePhase;
    const across = between(to_ns - 12e9, other.from_ns + 12e9);
    expect(across.record.steady).toMatchObject({ status: "not-reached" });
  });
});
