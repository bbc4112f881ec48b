import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkAgainstCounter } from "../../src/energy/counter-check.ts";
import { PowerSeries } from "../../src/energy/power-series.ts";
import { pointsOf } from "../../src/energy/recording.ts";
import { readTrace, type TracePhase } from "../support/recorded-trace.ts";

/** Both read without a pause; then at the cadence of a run, the H100 so throttled that its waves were none. */
const TRACES = ["h100-gemm", "h100-waves", "h200-waves", "h200-waves-again", "h200-waves-search", "h200-steady"].map(
  (name) => {
    const trace = readTrace(join(import.meta.dirname, "fixtures", `${name}.json.gz`));
    const power = pointsOf(trace.recording, "power");
    return { name, ...trace, series: new PowerSeries({ t_ns: [...power.t_ns], power_w: [...power.value] }) };
  },
);

const PHASES = TRACES.flatMap(({ name, phases, recording, series }) =>
  phases
    .filter(({ do: what, from_ns, to_ns }) => what !== "end" && to_ns - from_ns >= 5e9)
    .map((phase, index) => ({
      name: `${name} ${index}: ${phase.do} ${phase.period_ms ?? ""}`,
      phase,
      check: (): number =>
        checkAgainstCounter(recording, series, [phase.from_ns + 0.4e9, phase.to_ns - 0.1e9])?.ratio ?? Number.NaN,
    })),
);
const isWave = ({ phase }: { readonly phase: TracePhase }): boolean => phase.do === "wave";

describe("ring and counter of an H100 and an H200", () => {
  it.each(PHASES.filter((each) => !isWave(each)))(
    "agree within 0.2 % at rest and at constant load: $name",
    ({ check }) => {
      expect(Math.abs(check() - 1)).toBeLessThan(0.002);
    },
  );

  it("agree within 1.1 % on waves of 200 ms and more", () => {
    const slow = PHASES.filter(({ name, phase }) => name.startsWith("h200-waves") && (phase.period_ms ?? 0) >= 200);
    expect(slow.map(({ check }) => Math.abs(check() - 1) < 0.011)).toEqual(Array.from({ length: 12 }, () => true));
  });

  it("differ by less from 500 ms on", () => {
    const slower = PHASES.filter(({ name, phase }) => name.startsWith("h200-waves") && (phase.period_ms ?? 0) >= 500);
    expect(slower.map(({ check }) => Math.abs(check() - 1) < 0.006)).toEqual(Array.from({ length: 6 }, () => true));
  });

  it.each(["h100-gemm", "h200-waves"])("do not agree on waves of 50 ms: neither is the truth there (%s)", (trace) => {
    const fast = PHASES.filter(({ name, phase }) => name.startsWith(trace) && phase.period_ms === 50);
    expect(fast.length).toBeGreaterThan(0);
    expect(fast.every(({ check }) => Math.abs(check() - 1) > 0.019)).toBe(true);
  });

  it("err to either side from one recording of a board to the next", () => {
    const regular = PHASES.filter(({ phase }) => phase.period_ms === 50 && phase.jitter_ms === undefined);
    const signs = regular.filter(({ name }) => name.startsWith("h200")).map(({ check }) => Math.sign(check() - 1));
    expect(signs).toEqual([1, -1, 1]);
  });
});
