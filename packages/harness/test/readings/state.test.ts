import { describe, expect, it } from "vitest";
import { unavailable } from "@lem/domain";
import { cacheReadings, memoryReadings, utilisationReadings } from "../../src/readings/state.ts";
import { timelineOf, windowOf } from "../support/measurement.ts";

const windows = [windowOf(0), windowOf(1)];
const [first] = windows;
const silent = windowOf(0, {
  reply: {
    origin_ns: 0,
    end_ns: 1e9,
    cpu_s: null,
    process_peak_b: null,
    device_peak_b: null,
    batch_occupancy: null,
    kv_cache_use: null,
  },
});

const onGpu = { processors: 2, devices: ["cuda:0", "cpu"] };

describe("memoryReadings", () => {
  it("takes the larger peak of host and engine, and the mean over the length of the windows", () => {
    expect(memoryReadings(windows, [])).toMatchObject({
      process_peak: { value: 800, unit: "B" },
      process_mean: { value: 550, n: 2 },
      device_peak: { status: "unavailable", reason: "not-reported-by-engine" },
    });
    expect(memoryReadings([windowOf(0)], [])["process_peak"]).toMatchObject({ value: 700 });
  });

  it("keeps the reason when nobody saw the memory", () => {
    const none = unavailable("not-supported", "no /proc");
    const blind = { ...silent, memory: { peak: none, mean: none } };
    expect(memoryReadings([blind], [])).toMatchObject({ process_peak: none, process_mean: none });
  });
});

describe("utilisationReadings", () => {
  it("divides CPU seconds by what the processors could give", () => {
    expect(utilisationReadings(windows, onGpu)["cpu_utilisation"]).toMatchObject({ value: 18 / 24, unit: "ratio" });
  });

  it("weighs occupancy with the length of the windows", () => {
    const short = windowOf(1, { reply: { ...first?.reply, ...silent.reply, batch_occupancy: 1, end_ns: 2e9 } });
    expect(utilisationReadings([windowOf(0), short], onGpu)["batch_occupancy"]).toMatchObject({
      value: (0.5 * 6 + 1 * 2) / 8,
    });
  });

  it("is without figures that the engine does not report", () => {
    expect(utilisationReadings([silent], onGpu)).toMatchObject({
      cpu_utilisation: { reason: "not-reported-by-engine" },
      gpu_utilisation: { reason: "not-supported" },
      batch_occupancy: { reason: "not-reported-by-engine" },
    });
  });
});

describe("an engine on the processor alone", () => {
  it("has no device whose memory or activity could be missing", () => {
    const none = { status: "unavailable", reason: "not-applicable" };
    expect(memoryReadings(windows, ["cpu"])["device_peak"]).toMatchObject(none);
    expect(utilisationReadings(windows, { processors: 2, devices: ["cpu"] })["gpu_utilisation"]).toMatchObject(none);
    expect(memoryReadings(windows, onGpu.devices)["device_peak"]).toMatchObject({ reason: "not-reported-by-engine" });
  });
});

describe("requests of one token", () => {
  it("have no decode steps whose occupancy could be missing", () => {
    const timelines = [timelineOf(0, { output_tokens: 1 })];
    const found = utilisationReadings([windowOf(0, { timelines, reply: silent.reply })], onGpu);
    expect(found["batch_occupancy"]).toMatchObject({ reason: "not-applicable" });
  });
});

describe("cacheReadings", () => {
  it("takes the fullest window", () => {
    const fuller = windowOf(1, { reply: { ...silent.reply, kv_cache_use: 0.75 } });
    expect(cacheReadings([windowOf(0), fuller])["kv_cache_use"]).toMatchObject({ value: 0.75 });
    expect(cacheReadings([silent])["kv_cache_use"]).toMatchObject({ reason: "not-reported-by-engine" });
  });
});
