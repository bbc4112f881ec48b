import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { coefficientOfVariation, mean, seededRandom } from "@lem/domain";
import type { Points, Quantity } from "@lem/engines/host";
import type { Recording } from "../../src/energy/recording.ts";
import { isIdleBetween, windowEnergy } from "../../src/energy/window-energy.ts";
import { readTrace, type TracePhase } from "../support/recorded-trace.ts";

const trace = readTrace(join(import.meta.dirname, "fixtures", "h100-gemm.json.gz"));
const loads = trace.phases.filter((phase) => phase.do === "constant");

/** Mean power of a window, or the code of its rejection. */
function powerOf(recording: Recording, from_ns: number, to_ns: number, wrongDevice = false): number | string {
  const energy = windowEnergy(recording, { from_ns, to_ns, wrongDevice });
  return energy.status === "measured" ? energy.energy_j / ((to_ns - from_ns) / 1e9) : (energy.code ?? "");
}

const at = (phase: TracePhase, seconds: number): number => phase.from_ns + seconds * 1e9;
const first = loads[0] as TracePhase;
const [from, to] = [at(first, 20), at(first, 30)];

/** The recording with one stream replaced. */
const withStream = (quantity: Quantity, change: (points: Points) => Points): Recording => {
  const old = trace.recording.streams.get(quantity) ?? { t_ns: new Float64Array(0), value: new Float64Array(0) };
  return { ...trace.recording, streams: new Map([...trace.recording.streams, [quantity, change(old)]]) };
};
const keep = ({ t_ns, value }: Points, holds: (t: number) => boolean): Points => ({
  t_ns: t_ns.filter(holds),
  value: value.filter((_, index) => holds(t_ns[index] ?? 0)),
});

describe("windows of a constant load on an H100", () => {
  it.each([0, 1])("1 s windows at 40 random starts agree with 60 s: load %d", (number) => {
    const load = loads[number] as TracePhase;
    const random = seededRandom(7 + number);
    const truth = Number(powerOf(trace.recording, at(load, 15), at(load, 75)));
    const powers = Array.from({ length: 40 }, () => {
      const begin = at(load, 15 + 59 * random());
      return Number(powerOf(trace.recording, begin, begin + 1e9));
    });
    expect(coefficientOfVariation(powers)).toBeLessThan(0.005);
    expect(Math.abs(mean(powers) / truth - 1)).toBeLessThan(0.003);
  });

  it("the counter agrees with the samples, from idle to full load too", () => {
    const idle = trace.phases.find((phase) => phase.do === "idle") as TracePhase;
    const across = windowEnergy(trace.recording, { from_ns: at(idle, 1), to_ns: at(first, 60) });
    expect(across).toMatchObject({ status: "measured" });
    for (const { from_ns, to_ns } of loads) {
      const energy = windowEnergy(trace.recording, { from_ns: from_ns + 1e9, to_ns: to_ns - 1e9 });
      expect(energy.status === "measured" && energy.check?.ratio).toBeCloseTo(1, 2);
    }
  });

  it("rejects none of 150 clean windows", () => {
    const codes = loads.flatMap((load) =>
      Array.from({ length: Math.min(50, Math.floor((load.to_ns - load.from_ns) / 1e9) - 1) }, (_, second) =>
        powerOf(trace.recording, at(load, second + 0.37), at(load, second + 1.37)),
      ),
    );
    expect(codes.length).toBeGreaterThanOrEqual(145);
    expect(codes.filter((each) => typeof each === "string")).toEqual([]);
  });
});

describe("injected faults are rejected with their code", () => {
  const cut = (seconds: number): number => from + seconds * 1e9;

  it("a sampler that was killed", () => {
    const lost = { t_ns: cut(3), detail: "the sampling thread ended" };
    expect(powerOf({ ...trace.recording, lost }, from, to)).toBe("sampler-lost");
    expect(powerOf({ ...trace.recording, lost }, from, cut(2))).toBeTypeOf("number");
  });

  it.each([0.2, 3])("a gap of %d s", (seconds) => {
    const gap = withStream("power", (points) => keep(points, (t) => t < cut(2) || t > cut(2 + seconds)));
    expect(powerOf(gap, from, to)).toBe("sample-gap");
    expect(powerOf(gap, cut(6), to)).toBeTypeOf("number");
  });

  it("samples that end before the window does", () => {
    const short = withStream("power", (points) => keep(points, (t) => t < cut(5)));
    expect(powerOf(short, from, to)).toBe("not-covered");
  });

  it("the wrong GPU", () => {
    const idle = withStream("gpu_busy", ({ t_ns, value }) => ({ t_ns, value: value.map(() => 0) }));
    expect([isIdleBetween(idle, from, to), isIdleBetween(trace.recording, from, to)]).toEqual([true, false]);
    expect(powerOf(idle, from, to, true)).toBe("wrong-device");
  });

  it("a sampled GPU that is another than the counter's", () => {
    const other = withStream("power", ({ t_ns, value }) => ({ t_ns, value: value.map((power) => 0.95 * power) }));
    expect(powerOf(other, from, to)).toBe("sources-disagree");
    expect(powerOf(other, from, cut(4))).toBeTypeOf("number");
  });

  it.each([-1, 0.01, 60])("a wall clock that was set by %d s", (seconds) => {
    const set = withStream("clock_offset", ({ t_ns, value }) => ({
      t_ns,
      value: value.map((offset, index) => offset + ((t_ns[index] ?? 0) > cut(4) ? seconds * 1e6 : 0)),
    }));
    expect(powerOf(set, from, to)).toBe("clock-step");
    expect(powerOf(set, cut(6), to)).toBeTypeOf("number");
  });

  it("a counter that began anew", () => {
    const reset = withStream("energy_counter", ({ t_ns, value }) => ({
      t_ns,
      value: value.map((energy, index) => ((t_ns[index] ?? 0) > cut(5) ? energy - 1e5 : energy)),
    }));
    expect(powerOf(reset, from, to)).toBe("counter-reset");
  });

  it("an NVML that answers no more", () => {
    const fault = { t_ns: cut(5), call: "nvmlDeviceGetSamples", detail: "the GPU has fallen off the bus" };
    expect(powerOf({ ...trace.recording, faults: [fault] }, from, to)).toBe("sensor-failed");
  });

  it("a counter's late reading is no gap, but at an edge; one that began anew is nothing", () => {
    const sensor = { domain: "cpu-package-0", device: "cpu", source: "RAPL counter", relative_gain_error: 0.05 };
    const at = [0, 50, 100, 150, 200, 250, 300, 1300, 1350, 1400, 1450, 1500].map((ms) => ms * 1e6);
    const powers = (odd: number): Points => ({
      t_ns: Float64Array.from(at),
      value: Float64Array.from(at, (_, index) => (index === 10 ? odd : 40)),
    });
    const counted = (odd = 40): Recording => ({
      ...trace.recording,
      sensor: { ...sensor, cumulative: true },
      streams: new Map([["power", powers(odd)]]),
    });
    expect(powerOf(counted(), 0.1e9, 1.4e9)).toBeCloseTo(40, 6);
    expect(powerOf(counted(), 0.1e9, 0.9e9)).toBe("sample-gap");
    expect(powerOf({ ...counted(), sensor }, 0.1e9, 1.4e9)).toBe("sample-gap");
    expect(powerOf(counted(Number.NaN), 1.35e9, 1.45e9)).toBe("counter-reset");
    expect(powerOf(counted(Number.NaN), 1.3e9, 1.4e9)).toBeCloseTo(40, 6);
    expect(powerOf(counted(Number.NaN), 1.45e9, 1.5e9)).toBeCloseTo(40, 6);
  });

  it("an NVML that failed after the last samples of a window, which nobody fetched any more", () => {
    const ending = withStream("power", (points) => keep(points, (t) => t < cut(5)));
    const fault = { t_ns: cut(11), call: "nvmlDeviceGetSamples", detail: "the GPU has fallen off the bus" };
    expect(powerOf({ ...ending, faults: [fault] }, from, to)).toBe("sensor-failed");
    expect(powerOf({ ...ending, faults: [fault] }, from, cut(4))).toBeTypeOf("number");
  });
});
