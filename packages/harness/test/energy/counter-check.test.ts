import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkAgainstCounter } from "../../src/energy/counter-check.ts";
import { PowerSeries } from "../../src/energy/power-series.ts";
import { pointsOf } from "../../src/energy/recording.ts";
import { readTrace } from "../support/recorded-trace.ts";

/** Recorded at the cadence of a run: the ring drained each second, the counter read every two. */
const { recording, phases } = readTrace(join(import.meta.dirname, "fixtures", "h100-waves.json.gz"));
const power = pointsOf(recording, "power");
const series = new PowerSeries({ t_ns: [...power.t_ns], power_w: [...power.value] });
const loaded = phases.filter(
  ({ do: what, from_ns, to_ns }) => (what === "wave" || what === "constant") && to_ns - from_ns >= 5e9,
);

describe("ring and counter of an H100", () => {
  it("has waves of 50 to 1000 ms", () => {
    expect(new Set(loaded.map(({ period_ms }) => period_ms))).toEqual(new Set([undefined, 50, 100, 200, 500, 1000]));
  });

  it.each(loaded.map((phase, index) => ({ ...phase, index })))(
    "phase $index, $do $period_ms ms: they agree within 1 %",
    ({ from_ns, to_ns }) => {
      const check = checkAgainstCounter(recording, series, [from_ns + 0.4e9, to_ns - 0.1e9]);
      expect(Math.abs((check?.ratio ?? 0) - 1)).toBeLessThan(0.01);
    },
  );
});
