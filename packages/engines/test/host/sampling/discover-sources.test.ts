import { expect, test } from "vitest";
import type { AvailableReading, JsonValue } from "@lem/domain";
import type { Nvml } from "../../../src/host/nvml/bindings.ts";
import { discoverSources } from "../../../src/host/sampling/discover-sources.ts";
import type { PowerSource, SourceTiming } from "../../../src/host/sampling/source-timing.ts";

const WALL_AHEAD_US = 1.7e15;

/** A GPU in a time of its own, in which every call takes as long as is said here. */
class ScriptedGpu {
  now_ns = 5e9;
  readonly #lacks: readonly string[];

  constructor(lacks: readonly string[] = []) {
    this.#lacks = lacks;
  }

  get wall_us(): number {
    return WALL_AHEAD_US + this.now_ns / 1e3;
  }

  readonly nvml: Nvml = {
    ask: (call, ...args) => {
      if (this.#lacks.includes(call)) return { ok: false, code: 3 };
      const [cost_ns, value] = this.#answer(call, args.map(Number));
      this.now_ns += cost_ns;
      return { ok: true, value };
    },
    gpm: () => ({ ok: false, code: 3 }),
    close: () => undefined,
  };

  /** Values that change each 100 ms at a phase of their own; the instantaneous one is now and then the same twice. */
  #answer(call: string, args: readonly number[]): readonly [cost_ns: number, value: JsonValue] {
    const step = (phase_ms: number): number => Math.floor((this.now_ns / 1e6 + phase_ms) / 100);
    if (call === "nvmlDeviceGetTotalEnergyConsumption") return [4e6, 7000 + 70 * step(13)];
    if (call === "nvmlDeviceGetFieldValues") return [2e3, step(40) % 3 === 0 ? step(40) - 1 : step(40)];
    if (call === "nvmlDeviceGetPowerUsage") return [1e3, step(71)];
    return [0.7e6, this.#ring(args.at(-1) ?? 0)];
  }

  /** Samples each 20 ms that can be read 30 ms later; the ring holds 119. */
  #ring(since_us: number): JsonValue {
    const newest = Math.floor((this.wall_us - 30_000) / 20_000) * 20_000;
    const stamps = Array.from({ length: 119 }, (_, index) => newest - (118 - index) * 20_000);
    return stamps.filter((stamp) => stamp > since_us).map((stamp) => [stamp, 70_000]);
  }

  async timings(): Promise<ReadonlyMap<PowerSource, SourceTiming>> {
    const { sources: found } = await discoverSources({
      nvml: this.nvml,
      gpu: 0,
      now: () => this.now_ns,
      pause: async (milliseconds) => {
        this.now_ns += milliseconds * 1e6;
      },
      clock: () => ({ monotonic_ns: this.now_ns, wall_us: this.wall_us, uncertainty_ns: 0 }),
    });
    return new Map(found.map((timing) => [timing.source, timing]));
  }
}

const valueOf = (timing: SourceTiming | undefined, what: "period" | "delay" | "call_cost"): number =>
  (timing?.[what] as AvailableReading | undefined)?.value ?? Number.NaN;

test("each source's period is found within 2 ms, repeated values or not", async () => {
  const timings = await new ScriptedGpu().timings();
  for (const source of ["counter", "instant", "average"] as const)
    expect(Math.abs(valueOf(timings.get(source), "period") - 100)).toBeLessThan(2);
  expect(valueOf(timings.get("ring"), "period")).toBeCloseTo(20, 6);
});

test("what a call takes is told with its unit", async () => {
  const timings = await new ScriptedGpu().timings();
  expect(timings.get("counter")?.call_cost).toMatchObject({ status: "measured", value: 4, unit: "ms" });
  expect(valueOf(timings.get("ring"), "call_cost")).toBeCloseTo(0.7, 6);
});

test("the ring's delay is told; that of the others needs a change of load", async () => {
  const timings = await new ScriptedGpu().timings();
  const delay = valueOf(timings.get("ring"), "delay");
  expect(delay).toBeGreaterThanOrEqual(30);
  expect(delay).toBeLessThan(36);
  expect(timings.get("instant")?.delay).toMatchObject({ status: "unavailable", reason: "not-applicable" });
});

test("watching ends before a second has passed, also when nothing changes", async () => {
  const gpu = new ScriptedGpu();
  const begin = gpu.now_ns;
  await gpu.timings();
  expect((gpu.now_ns - begin) / 1e9).toBeLessThan(0.7);
});

test("a source that the driver lacks is missing with its reason; the others are watched", async () => {
  const timings = await new ScriptedGpu([
    "nvmlDeviceGetTotalEnergyConsumption",
    "nvmlDeviceGetSamples/since",
  ]).timings();
  for (const source of ["counter", "ring", "gpm"] as const)
    expect(timings.get(source)?.period).toMatchObject({ status: "unavailable", reason: "not-supported" });
  expect(valueOf(timings.get("average"), "period")).toBeCloseTo(100, 0);
});
