import { expect, test } from "vitest";
import { gpuFacts } from "../../src/host/gpu.ts";
import { said } from "../fixtures/facts.ts";
import { recordedTree } from "../fixtures/recorded-tree.ts";
import { ReplayedNvml, type RecordedAnswers } from "../fixtures/replayed-nvml.ts";
import h100 from "./fixtures/nvml-h100.json" with { type: "json" };
import h200 from "./fixtures/nvml-h200-x2.json" with { type: "json" };

const H100: RecordedAnswers = h100.answers;
const ROOT = { root: "/" };
const factsOf = (answers: RecordedAnswers): ReturnType<typeof gpuFacts> =>
  gpuFacts(ROOT, new ReplayedNvml(answers).open);

test("the recorded H100: what nvidia-smi said beside it", async () => {
  const facts = await factsOf(H100);
  const values = Object.fromEntries(Object.entries(facts).map(([name, each]) => [name, said(each)]));
  expect(values).toMatchObject({
    driver_version: "580.159.04",
    cuda_driver_version: "13.0",
    gpu_count: 1,
    gpu0_name: "NVIDIA H100 80GB HBM3",
    gpu0_architecture: "hopper",
    gpu0_compute_capability: "9.0",
    gpu0_pci_bus_id: "00000000:00:06.0",
    gpu0_vbios_version: "96.00.DA.00.0C",
    gpu0_memory_total_b: 81_559 * 1024 ** 2,
    gpu0_power_limit_w: 700,
    gpu0_power_limit_enforced_w: 700,
    gpu0_power_limit_default_w: 700,
    gpu0_power_limit_min_w: 200,
    gpu0_power_limit_max_w: 700,
    gpu0_clock_sm_now_mhz: 345,
    gpu0_clock_sm_max_mhz: 1980,
    gpu0_clock_memory_now_mhz: 2619,
    gpu0_clock_limit_reasons: ["gpu-idle"],
    gpu0_performance_state: "P0",
    gpu0_persistence_mode: "enabled",
    gpu0_compute_mode: "default",
    gpu0_mig_mode: "disabled",
    gpu0_ecc_mode: "enabled",
    gpu0_ecc_uncorrected_errors: 0,
    gpu0_temperature_c: 31,
    gpu0_temperature_memory_c: 35,
    gpu0_pcie_generation_max: 5,
    gpu0_pcie_width_now: 16,
    gpu0_utilisation_percent: 0,
  });
});

test("what that machine does not offer is missing with NVML's reason, never zero", async () => {
  const facts = await factsOf(H100);
  expect(said(facts["gpu0_nvlink_links_active"])).toBe("<not-supported>");
  expect(said(facts["gpu0_numa_node"])).toBe("<not-supported>");
  expect(said(facts["gpu0_mig_instances"])).toBe("<switched-off>");
  expect(said(facts["gpu_topology"])).toBe("<not-applicable>");
});

test("NVML is closed, also when it answers nothing", async () => {
  const silent = new ReplayedNvml({});
  expect(said((await gpuFacts(ROOT, silent.open))["gpu_count"])).toBe("<not-supported>");
  expect(silent.closed).toBe(1);
});

test("the recorded pair of H200: each GPU has its facts, and the path between them is told", async () => {
  const facts = await factsOf(h200.answers);
  expect([said(facts["gpu0_pci_bus_id"]), said(facts["gpu1_pci_bus_id"])]).toEqual([
    "00000000:00:06.0",
    "00000000:00:07.0",
  ]);
  expect([said(facts["gpu0_memory_total_b"]), said(facts["gpu1_memory_total_b"])]).toEqual([
    150_754_820_096, 150_754_820_096,
  ]);
  expect([said(facts["gpu0_nvlink_links_active"]), said(facts["gpu1_nvlink_links_active"])]).toEqual([18, 18]);
  expect(said(facts["gpu_topology"])).toEqual([{ gpus: [0, 1], path: "same-host-bridge", nvlink: true }]);
});

test("only links that are up count", async () => {
  const facts = await factsOf({
    nvmlDeviceGetCount_v2: { value: 1 },
    "nvmlDeviceGetNvLinkState 0 0": { value: 1 },
    "nvmlDeviceGetNvLinkState 0 1": { value: 0 },
  });
  expect(said(facts["gpu0_nvlink_links_active"])).toBe(1);
});

test("MIG instances are listed with their memory; empty places are skipped", async () => {
  const facts = await factsOf({
    nvmlDeviceGetCount_v2: { value: 1 },
    "nvmlDeviceGetMigMode 0": { value: [1, 1] },
    "nvmlDeviceGetMaxMigDeviceCount 0": { value: 7 },
    "nvmlDeviceGetGpuInstanceId 0:2": { value: 9 },
    "nvmlDeviceGetComputeInstanceId 0:2": { value: 0 },
    "nvmlDeviceGetUUID 0": { value: "GPU-1" },
    "nvmlDeviceGetUUID 0:2": { value: "MIG-1" },
    "nvmlDeviceGetName 0:2": { value: "NVIDIA H100 MIG 1g.10gb" },
    "nvmlDeviceGetMemoryInfo_v2 0:2": { value: { total: 10_737_418_240, used: 0 } },
  });
  expect(said(facts["gpu0_mig_mode"])).toBe("enabled");
  expect(said(facts["gpu0_mig_instances"])).toEqual([
    {
      name: "NVIDIA H100 MIG 1g.10gb",
      uuid: "MIG-1",
      gpu_instance: 9,
      compute_instance: 0,
      memory_total_b: 10_737_418_240,
      parent: "GPU-1",
    },
  ]);
});

test("an older driver is asked its older questions", async () => {
  const facts = await factsOf({
    nvmlDeviceGetCount_v2: { value: 1 },
    "nvmlDeviceGetMemoryInfo 0": { value: { total: 1024, used: 512 } },
    "nvmlDeviceGetCurrentClocksThrottleReasons 0": { value: 0x44 },
  });
  expect(facts["gpu0_memory_used_b"]).toMatchObject({ value: 512, source: "nvmlDeviceGetMemoryInfo" });
  expect(said(facts["gpu0_clock_limit_reasons"])).toEqual(["software-power-cap", "hardware-thermal-slowdown"]);
});

test("a setting that waits for a reset says both", async () => {
  const facts = await factsOf({ nvmlDeviceGetCount_v2: { value: 1 }, "nvmlDeviceGetEccMode 0": { value: [0, 1] } });
  expect(said(facts["gpu0_ecc_mode"])).toBe("disabled, enabled after a reset");
});

test.each([
  ["0x030200", "install the driver"],
  ["0x020000", "no NVIDIA GPU"],
])("without NVML, a PCI device of class %s leads to: %s", async (kind, words) => {
  const host = await recordedTree({
    "/sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n",
    "/sys/bus/pci/devices/0000:01:00.0/class": `${kind}\n`,
  });
  const facts = await gpuFacts(host, async () => ({ status: "missing", reason: "no-sensor", detail: "no library" }));
  expect(facts["gpu0_power_limit_w"]).toMatchObject({ status: "unavailable", reason: "no-sensor" });
  expect(facts["driver_version"]).toMatchObject({ detail: expect.stringContaining(words) });
});
