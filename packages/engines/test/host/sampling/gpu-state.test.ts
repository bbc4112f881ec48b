import { expect, test } from "vitest";
import { readGpuState } from "../../../src/host/sampling/gpu-state.ts";
import { ReplayedNvml } from "../../fixtures/replayed-nvml.ts";
import h100 from "../fixtures/nvml-h100.json" with { type: "json" };

test("the recorded H100: what its idle power depends on, and its errors", () => {
  const state = readGpuState(new ReplayedNvml(h100.answers), 0);
  expect(state.settings).toMatchObject({
    driver: "580.159.04",
    power_limit_mw: 700_000,
    persistence_mode: 1,
    ecc_mode: "[1,1]",
  });
  expect(state).toMatchObject({ temperature_c: 31, clock_mhz: 345, device_id: expect.stringMatching(/^GPU-/) });
});

test("errors are told as soon as both kinds are counted, and not without ECC", () => {
  const counted = new ReplayedNvml({
    "nvmlDeviceGetTotalEccErrors 0 0 0": { value: 4 },
    "nvmlDeviceGetTotalEccErrors 0 1 0": { value: 1 },
  });
  expect(readGpuState(counted, 0).ecc).toEqual({ corrected: 4, uncorrected: 1 });
  expect(readGpuState(new ReplayedNvml({ "nvmlDeviceGetTotalEccErrors 0 0 0": { value: 4 } }), 0).ecc).toBeNull();
});

test("programs on the GPU are listed; where the driver does not tell, none is made up", () => {
  const processes = [{ pid: 7, memory_b: null }];
  const busy = new ReplayedNvml({ "nvmlDeviceGetComputeRunningProcesses_v3/list 0": { value: processes } });
  expect(readGpuState(busy, 0).processes).toEqual(processes);
  expect(readGpuState(new ReplayedNvml({}), 0).processes).toBeNull();
});
