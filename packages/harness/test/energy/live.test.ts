import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DomainEnergy } from "../../src/energy/sampler.ts";
import { cannotSimulate, SimulatedMachine } from "../support/simulated-machine.ts";

let machine: SimulatedMachine;
beforeAll(async () => {
  machine = await SimulatedMachine.build();
});
afterAll(() => machine.remove());

interface Said {
  readonly name: string;
  readonly energies: readonly (readonly DomainEnergy[])[];
  readonly gaps: readonly unknown[];
  readonly samples: number;
  readonly domains: readonly { readonly domain: string; readonly device: string }[];
  readonly faults: readonly string[];
  readonly cpu_s: readonly number[];
  readonly temperatures: readonly number[];
  readonly unavailable?: { readonly reason: string; readonly detail: string };
}

interface Order {
  readonly seconds: number;
  readonly windows: readonly (readonly [number, number])[];
  readonly visibleDevices?: string;
}

/** What the sampler says of a simulated machine, in a process of its own. */
const sampled = (order: Order, env: Readonly<Record<string, string>> = {}): Promise<Said> =>
  machine.run<Said>("live-program.ts", order, env);

let faults = 0;

/** Has the times of simulated faults count from when sampling began, as those of windows do. */
const sinceSampling = (): { readonly SIM_TRIGGER: string } => ({ SIM_TRIGGER: machine.path(`begun-${++faults}`) });

const joules = (energy: DomainEnergy | undefined): number =>
  energy?.status === "measured" ? energy.energy_j : Number.NaN;
const codeOf = (energy: DomainEnergy | undefined): string | undefined =>
  energy?.status === "unavailable" ? energy.code : undefined;

describe.skipIf(cannotSimulate)(
  "sampling this machine's GPUs [needs cc]",
  { timeout: 60_000, concurrent: true },
  () => {
    it("gives the exact energy of a constant load, checked by the counter", async () => {
      const { name, energies, gaps, temperatures } = await sampled({
        seconds: 6.5,
        windows: [
          [0.2, 6.2],
          [1, 2],
        ],
      });
      expect(name).toBe("NVML");
      expect(joules(energies[0]?.[0])).toBeCloseTo(1800, 3);
      expect(joules(energies[1]?.[0])).toBeCloseTo(300, 3);
      expect(energies[0]?.[0]).toMatchObject({ check: { ratio: expect.closeTo(1, 2) } });
      expect([gaps, temperatures]).toEqual([[], [50]]);
    });

    it("cuts a square wave at the exact edges of the window", async () => {
      const wave = { SIM_PERIOD_MS: "200", SIM_DUTY: "0.5", SIM_LOW_W: "100", SIM_HIGH_W: "700" };
      const { energies } = await sampled({ seconds: 2.5, windows: [[0.1, 2.1]] }, wave);
      expect(joules(energies[0]?.[0])).toBeCloseTo(800, -1);
    });

    it("samples several GPUs at the same time, and only those that the engine sees", async () => {
      const all = await sampled({ seconds: 2, windows: [[0.5, 1.5]] }, { SIM_GPUS: "3" });
      expect(all.energies[0]?.map((each) => Math.round(joules(each)))).toEqual([300, 310, 320]);
      const some = await sampled(
        { seconds: 2, windows: [[0.5, 1.5]], visibleDevices: "GPU-sim2,0" },
        { SIM_GPUS: "3" },
      );
      expect(some.domains.map(({ domain }) => domain)).toEqual(["gpu2", "gpu0"]);
    });

    it("a GPU that falls off the bus costs the windows that it was lost in", async () => {
      const { energies, faults } = await sampled(
        {
          seconds: 6,
          windows: [
            [0.2, 1.2],
            [3, 5.5],
          ],
        },
        { ...sinceSampling(), SIM_LOST_S: "4" },
      );
      expect(joules(energies[0]?.[0])).toBeCloseTo(300, 3);
      expect(codeOf(energies[1]?.[0])).toBe("sensor-failed");
      expect(faults).toContain("nvmlDeviceGetSamples");
    });

    it("a hole in the ring, a counter that begins anew or lies: each has its code", async () => {
      const order = { seconds: 10.5, windows: [[0.2, 10.2]] as const };
      const [hole, reset, wrong] = await Promise.all([
        sampled(order, { ...sinceSampling(), SIM_HOLE_S: "5:6" }),
        sampled(order, { ...sinceSampling(), SIM_RESET_S: "5" }),
        sampled(order, { SIM_WRONG: "1.5" }),
      ]);
      expect([hole, reset, wrong].map(({ energies }) => codeOf(energies[0]?.[0]))).toEqual([
        "sample-gap",
        "counter-reset",
        "sources-disagree",
      ]);
      expect(hole.gaps).toHaveLength(1);
    });

    it("CUDA_VISIBLE_DEVICES that names no GPU is said", async () => {
      const { unavailable } = await sampled({ seconds: 0, windows: [], visibleDevices: "7" });
      expect(unavailable).toMatchObject({ reason: "no-sensor", detail: expect.stringContaining("7") });
    });
  },
);

it.skipIf(process.platform !== "linux")("a machine without NVML and RAPL says so", async () => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "live-program.ts"), JSON.stringify({ seconds: 0, windows: [] })],
    { env: {}, stdio: ["ignore", "pipe", "inherit"] },
  );
  const said = JSON.parse(await text(child.stdout)) as Partial<Said>;
  expect(said.unavailable === undefined ? said.name : said.unavailable.reason).toMatch(/no-sensor|NVML/);
});
