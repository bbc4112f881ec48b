import { afterAll, beforeAll, expect, it } from "vitest";
import { cannotSimulate, SimulatedMachine } from "../support/simulated-machine.ts";

let machine: SimulatedMachine;
beforeAll(async () => {
  machine = await SimulatedMachine.build();
});
afterAll(() => machine.remove());

it.skipIf(cannotSimulate)(
  "the GPU benchmarks sample the boards that they ask for, and those that CUDA shows them [needs cc]",
  { timeout: 60_000 },
  async () => {
    const env = { SIM_GPUS: "3", CUDA_VISIBLE_DEVICES: "2" };
    const domains = await machine.run("bench-sampler-program.mjs", { devices: ["1", "0", null] }, env);
    expect(domains).toEqual([["gpu1"], ["gpu0"], ["gpu2"]]);
  },
);
