import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AvailableReading } from "@lem/domain";
import type { Points } from "@lem/engines/host";
import { PowerSeries } from "../../src/energy/power-series.ts";
import type { Recording } from "../../src/energy/recording.ts";
import { sourceDelay } from "../../src/energy/source-delay.ts";
import { sensorReadings } from "../../src/readings/sensors.ts";
import { gpuIn } from "../support/machine-cases.ts";
import { readTrace } from "../support/recorded-trace.ts";

/** Power that steps between 100 and 700 W every 1.7 s, sampled each 20 ms over a minute. */
const times = Array.from({ length: 3000 }, (_, index) => index * 20e6);
const powerAt = (t_ns: number): number => (Math.floor(t_ns / 1.7e9) % 2 === 0 ? 100 : 700);
const series = new PowerSeries({ t_ns: times, power_w: times.map((t) => powerAt(t - 10e6)) });
const energyUntil = (t_ns: number): number => series.energyUntil(t_ns);

const every = (step_ms: number, value: (t_ns: number) => number): Points => {
  const t_ns = Float64Array.from({ length: Math.floor(60_000 / step_ms) }, (_, index) => index * step_ms * 1e6);
  return { t_ns, value: t_ns.map(value) };
};
const averageLate = (ms: number): Points =>
  every(373, (t) => energyUntil(t - ms * 1e6) - energyUntil(t - ms * 1e6 - 1e9));
const valueOf = (recording: Recording, source: "counter" | "average"): number =>
  (sourceDelay(recording, series, source) as AvailableReading).value;

describe("the delay of a source", () => {
  it.each([0, 48, 120, 480])("is found within 10 ms: the average of a second, %d ms late", (ms) => {
    const recording: Recording = { ...gpuIn([]), streams: new Map([["power_average", averageLate(ms)]]) };
    expect(Math.abs(valueOf(recording, "average") - ms)).toBeLessThanOrEqual(10);
  });

  it.each([0, 30])("is found within 10 ms: a counter that is %d ms late, read every 2 s", (ms) => {
    const counter = every(2000, (t) => energyUntil(t - ms * 1e6));
    const recording: Recording = { ...gpuIn([]), streams: new Map([["energy_counter", counter]]) };
    expect(Math.abs(valueOf(recording, "counter") - ms)).toBeLessThanOrEqual(10);
  });

  it("is not told by a load that does not change, nor by a few readings", () => {
    const flat = new PowerSeries({ t_ns: times, power_w: times.map(() => 300) });
    const recording: Recording = { ...gpuIn([]), streams: new Map([["power_average", every(373, () => 300)]]) };
    expect(sourceDelay(recording, flat, "average")).toMatchObject({ reason: "too-few-samples" });
    const few: Recording = { ...gpuIn([]), streams: new Map([["power_average", every(9000, () => 300)]]) };
    expect(sourceDelay(few, series, "average")).toMatchObject({ reason: "too-few-samples" });
  });

  it("on a recorded H100: fields a few ms besides half their period of 100 ms, the counter at once", () => {
    const { recording } = readTrace(join(import.meta.dirname, "fixtures", "h100-gemm.json.gz"));
    const { t_ns, value } = recording.streams.get("power") as Points;
    const power = new PowerSeries({ t_ns: [...t_ns], power_w: [...value] });
    const told = (["counter", "instant", "average"] as const).map(
      (source) => (sourceDelay(recording, power, source) as AvailableReading).value,
    );
    expect(told.map((delay) => Math.abs(delay) < 20)).toEqual([true, false, false]);
    for (const delay of told.slice(1)) expect(Math.abs(delay - 60)).toBeLessThan(20);
  });
});

describe("the sensor section", () => {
  it("has each source's period, delay and price, with the domain where there are several", () => {
    const none = { status: "unavailable", reason: "not-applicable", detail: "no" } as const;
    const ms = { status: "measured", value: 100, unit: "ms", source: "watched" } as const;
    const sources = [{ source: "average", period: ms, delay: none, call_cost: ms }] as const;
    const one: Recording = {
      ...gpuIn([]),
      sources,
      streams: new Map([
        ["power", { t_ns: Float64Array.from(times), value: Float64Array.from(times, (t) => powerAt(t - 10e6)) }],
        ["power_average", averageLate(60)],
      ]),
    };
    expect(sensorReadings([one])).toMatchObject({
      average_period: { value: 100 },
      average_delay: { value: expect.closeTo(60, -1.3), unit: "ms" },
    });
    const two = { ...gpuIn([], { domain: "gpu1" }), sources };
    expect(Object.keys(sensorReadings([one, two]))).toContain("average_delay.gpu1");
    expect(sensorReadings([])).toMatchObject({ ring_period: { reason: "no-sensor" } });
  });
});
