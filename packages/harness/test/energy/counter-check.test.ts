import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkAgainstCounter } from "../../src/energy/counter-check.ts";
import { PowerSeries } from "../../src/energy/power-series.ts";
import { pointsOf } from "../../src/energy/recording.ts";
import { readTrace, type TracePhase } from "../support/recorded-trace.ts";

/** `gemm`: both read without a pause; `waves`: at the cadence of a run, on a board so throttled that its waves were none. */
const TRACES = ["gemm", "waves"].map((name) => {
  const trace = readTrace(join(import.meta.dirname, "fixtures", `h100-${name}.json.gz`));
  const power = pointsOf(trace.recording, "power");
  return { name, ...trace, series: new PowerSeries({ t_ns: [...power.t_ns], power_w: [...power.value] }) };
});

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

describe("ring and counter of an H100", () => {
  it.each(PHASES.filter((each) => !isWave(each)))(
    "agree within 0.2 % at rest and at constant load: $name",
    ({ check }) => {
      expect(Math.abs(check() - 1)).toBeLessThan(0.002);
    },
  );

  it("do not agree on waves that are locked to their own periods: neither is the truth there", () => {
    const locked = PHASES.filter(({ name, phase }) => name.startsWith("gemm") && phase.period_ms === 50);
    expect(locked.map(({ check }) => Math.abs(check() - 1) > 0.05)).toEqual([true]);
  });
});
