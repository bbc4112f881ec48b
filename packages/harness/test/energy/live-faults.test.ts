import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coefficientOfVariation } from "@lem/domain";
import type { Recording } from "../../src/energy/recording.ts";
import { cannotSimulate, SimulatedMachine } from "../support/simulated-machine.ts";

interface Said {
  /** By window and GPU: joules, or the code of a rejection. */
  readonly windows: readonly { readonly length_s: number; readonly energies: readonly (number | string)[] }[];
  readonly recordings: readonly Pick<Recording, "sources" | "states">[];
}

let machine: SimulatedMachine;
beforeAll(async () => {
  machine = await SimulatedMachine.build();
});
afterAll(() => machine.remove());

let faults = 0;

/** What a whole measurement says when something breaks at the end of its window 2. */
function broken(order: object, env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const trigger = machine.path(`fault-${++faults}`);
  const defaults = { windows: 6, seconds: 1, breakAfter: 2, trigger };
  return machine.run<Said>("fault-program.ts", { ...defaults, ...order }, { SIM_TRIGGER: trigger, ...env });
}

/** Of each window of the only GPU: `ok`, or the code. */
const verdictsOf = ({ windows }: Said): readonly string[] =>
  windows.map(({ energies: [only] }) => (typeof only === "number" ? "ok" : String(only)));

/**
 * The first window, and the codes of the rejected ones from the third on. The second one shares with the fault the time
 * since the ring was drained last, and may be either.
 */
function aroundFault(said: Said): readonly [first: string | undefined, codes: readonly string[]] {
  const [first, , ...later] = verdictsOf(said);
  return [first, [...new Set(later.filter((verdict) => verdict !== "ok"))]];
}

/** Real threads and the whole path from the engine's windows to their energy; only NVML is a library of our own. */
describe.skipIf(cannotSimulate)("a fault while it measures [needs cc]", { timeout: 120_000, concurrent: true }, () => {
  it("a sampling thread that is killed", async () => {
    expect(aroundFault(await broken({ kill: true }))).toEqual(["ok", ["sampler-lost"]]);
  });

  it("a driver that does not come back: the run ends all the same", async () => {
    const begin = performance.now();
    expect(aroundFault(await broken({}, { SIM_HANG_S: "0" }))).toEqual(["ok", ["sampler-lost"]]);
    expect(performance.now() - begin).toBeLessThan(45_000);
  });

  it("a GPU that falls off the bus", async () => {
    const said = await broken({}, { SIM_LOST_S: "0" });
    expect(aroundFault(said)).toEqual(["ok", ["sensor-failed"]]);
    expect(verdictsOf(said).at(-1)).toBe("sensor-failed");
  });

  it("a gap of 3 s: the windows that it touches, and no other", async () => {
    const said = await broken({ windows: 8 }, { SIM_HOLE_S: "0.2:3.2" });
    expect(aroundFault(said)).toEqual(["ok", ["sample-gap"]]);
    expect(verdictsOf(said).slice(-2)).toEqual(["ok", "ok"]);
  });

  it.each(["2000000", "-2000000", "8000"])("a wall clock that is set by %s us", async (step) => {
    const preload = { LD_PRELOAD: machine.path("libstepped-clock.so"), STEP_US: step };
    const said = await broken({ windows: 8 }, preload);
    expect(aroundFault(said)).toEqual(["ok", ["clock-step"]]);
    expect(verdictsOf(said).slice(-2)).toEqual(["ok", "ok"]);
  });

  it("an energy counter that begins anew", async () => {
    const said = await broken({ windows: 3, seconds: 6, breakAfter: 1 }, { SIM_RESET_S: "3" });
    expect(verdictsOf(said)).toEqual(["ok", "counter-reset", "ok"]);
  });

  it("another GPU than the engine's", async () => {
    expect(verdictsOf(await broken({ windows: 2 }, { SIM_BUSY: "0" }))).toEqual(["wrong-device", "wrong-device"]);
  });
});

describe.skipIf(cannotSimulate)("a machine that is well [needs cc]", { timeout: 120_000, concurrent: true }, () => {
  it("50 windows over the recorded power of an H100: none is rejected", async () => {
    const SIM_TRACE = await machine.writeTrace("h100-gemm.json.gz", [15, 75]);
    const said = await machine.run<Said>("fault-program.ts", { windows: 50, seconds: 0.4 }, { SIM_TRACE });
    expect(verdictsOf(said)).toEqual(Array.from({ length: 50 }, () => "ok"));
    const powers = said.windows.map(({ energies, length_s }) => Number(energies[0]) / length_s);
    expect(coefficientOfVariation(powers)).toBeLessThan(0.02);
  });

  it("tells how its sources behave, and who else is on its GPU, without asking within a window", async () => {
    const strange = { SIM_STRANGER: "7", SIM_ECC_S: "0" };
    const { recordings } = await broken({ windows: 3, idle_s: 0.5 }, strange);
    const sources = new Map(recordings[0]?.sources.map((timing) => [timing.source, timing]));
    expect(sources.get("ring")?.period).toMatchObject({ value: expect.closeTo(20, 3), unit: "ms" });
    expect(sources.get("counter")?.call_cost).toMatchObject({ status: "measured", unit: "ms" });
    const states = recordings[0]?.states ?? [];
    expect(states.map(({ moment }) => moment)).toEqual(["bare-before", "loaded-before", "loaded-after", "bare-after"]);
    expect(states.map(({ processes }) => processes?.length)).toEqual([1, 1, 1, 1]);
    expect([states[0]?.ecc?.uncorrected, states.at(-1)?.ecc?.uncorrected]).toEqual([0, 1]);
  });
});
