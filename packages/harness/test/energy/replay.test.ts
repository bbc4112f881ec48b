import { describe, expect, it } from "vitest";
import { nanoseconds, type Nanoseconds } from "@lem/domain";
import { ReplaySampler } from "../../src/energy/replay.ts";
import type { PowerTrace, TraceSample } from "../../src/energy/trace-file.ts";
import { samplerContract, type SamplerCase } from "./sampler-contract.ts";

const second = 1e9;
const START = 5000 * second;

const traceOf = (samples: readonly TraceSample[]): PowerTrace => ({
  header: { device: "board", driver: "1", source: "ring", relative_gain_error: 0.05 },
  samples,
});
/** 100 W in the first half of each second, 300 W in the second half, for 4 s. */
const wave = Array.from({ length: 201 }, (_, i) => ({
  domain: "gpu0",
  t_ns: 70 * second + i * 0.02 * second,
  power_w: Math.ceil(i / 25) % 2 === 1 ? 100 : 300,
}));

function replayOf(samples: readonly TraceSample[]): {
  readonly sampler: ReplaySampler;
  readonly set: (s: number) => void;
} {
  let now = START;
  const sampler = new ReplaySampler(traceOf(samples), () => nanoseconds(now));
  return { sampler, set: (seconds) => (now = START + seconds * second) };
}

const at = (seconds: number): Nanoseconds => nanoseconds(START + seconds * second);

samplerContract("ReplaySampler", (): Promise<SamplerCase> => {
  let now = START;
  const sampler = new ReplaySampler(traceOf(wave), () => nanoseconds(now));
  return Promise.resolve({ sampler, pass: (seconds) => Promise.resolve((now += seconds * second)) });
});

describe("ReplaySampler", () => {
  it("lays the trace on the run's clock", async () => {
    const { sampler } = replayOf(wave);
    await sampler.start();
    const [part] = await sampler.energyBetween(at(0.25), at(0.75));
    expect(part).toMatchObject({ status: "measured", domain: "gpu0", relative_gain_error: 0.05 });
    expect(part?.status === "measured" && part.energy_j).toBeCloseTo(0.25 * 100 + 0.25 * 300, 6);
  });

  it("repeats the trace, and integrates across the seams", async () => {
    const { sampler } = replayOf(wave);
    await sampler.start();
    const energy = async (from: number, to: number): Promise<number> => {
      const [part] = await sampler.energyBetween(at(from), at(to));
      return part?.status === "measured" ? part.energy_j : Number.NaN;
    };
    expect(await energy(0, 40)).toBeCloseTo(40 * 200, 5);
    expect(await energy(3.5, 4.5)).toBeCloseTo(0.5 * 300 + 0.5 * 100, 6);
    expect(await energy(4, 8)).toBeCloseTo(800, 6);
  });

  it("keeps domains apart, over the time that they share", async () => {
    const cpu = [69, 71, 73, 75].map((t) => ({ domain: "cpu", t_ns: t * second, power_w: 10 }));
    const { sampler } = replayOf([...wave, ...cpu]);
    await sampler.start();
    const parts = await sampler.energyBetween(at(0), at(8));
    expect(
      parts.map((part) => [part.domain, part.status === "measured" && Math.round(part.energy_j * 1e6) / 1e6]),
    ).toEqual([
      ["gpu0", 1600],
      ["cpu", 80],
    ]);
  });

  it("withholds energy over a gap, in every repetition, and records where it was", async () => {
    const { sampler, set } = replayOf(wave.filter((_, i) => i < 50 || i > 100));
    await sampler.start();
    const statusOf = async (from: number, to: number): Promise<string | undefined> =>
      (await sampler.energyBetween(at(from), at(to)))[0]?.status;
    expect(await statusOf(0, 0.9)).toBe("measured");
    expect(await statusOf(0.5, 1.5)).toBe("unavailable");
    expect(await statusOf(2.5, 3.5)).toBe("measured");
    expect(await statusOf(3.5, 5.5)).toBe("unavailable");
    expect(await statusOf(6.5, 8.5)).toBe("measured");
    expect(await statusOf(0, 40)).toBe("unavailable");
    set(6);
    const gaps = sampler.gaps();
    expect(gaps.map(({ start_ns }) => Math.round((start_ns - START) / 1e7) / 100)).toEqual([0.98, 4.98]);
    expect(gaps[0]?.length_s).toBeCloseTo(1.04, 6);
  });

  it("refuses a trace without common time", () => {
    const late = [80, 81].map((t) => ({ domain: "cpu", t_ns: t * second, power_w: 10 }));
    expect(() => replayOf([...wave, ...late])).toThrow(expect.objectContaining({ code: "energy.trace" }));
    expect(() => replayOf([])).toThrow(expect.objectContaining({ code: "energy.trace" }));
  });
});
