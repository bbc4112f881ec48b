import { expect, test } from "vitest";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { DoctorReport } from "../../src/doctor/report.ts";
import h100 from "../host/fixtures/nvml-h100.json" with { type: "json" };
import { checkOf, doctorOptions } from "../fixtures/doctor-options.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";
import { ReplayedNvml, type RecordedAnswers } from "../fixtures/replayed-nvml.ts";

async function examine(answers: RecordedAnswers): Promise<DoctorReport> {
  return diagnose(await doctorOptions({ openNvml: new ReplayedNvml(answers).open }), ["energy"]);
}

test("the recorded H100 has both sources of energy and no drawback", async () => {
  const report = await examine(h100.answers);
  expect(checkOf(report, "energy.gpu0")).toMatchObject({ status: "ok", title: "GPU 0 NVIDIA H100 80GB HBM3" });
  expect(report.checks.energy.map((check) => check.id)).toEqual(["energy.gpu0", "energy.cpu"]);
});

test("a GPU with only its counter works, with a drawback", async () => {
  const report = await examine({ ...h100.answers, "nvmlDeviceGetSamples 0 0": { code: 3 } });
  expect(checkOf(report, "energy.gpu0")).toMatchObject({ status: "warn", found: "energy counter only" });
});

test("a GPU without a readable sensor cannot be measured", async () => {
  const none = { "nvmlDeviceGetSamples 0 0": { code: 4 }, "nvmlDeviceGetTotalEnergyConsumption 0": { code: 4 } };
  const check = checkOf(await examine({ ...h100.answers, ...none }), "energy.gpu0");
  expect(check.status).toBe("missing");
  expect(check.why).toContain("no permission");
});

test.each<readonly [id: string, answers: RecordedAnswers]>([
  ["persistence", { "nvmlDeviceGetPersistenceMode 0": { value: 0 } }],
  ["mig", { "nvmlDeviceGetMigMode 0": { value: [1, 1] } }],
  ["shared", { "nvmlDeviceGetComputeRunningProcesses_v3 0": { value: 2 } }],
  ["throttled", { "nvmlDeviceGetCurrentClocksEventReasons 0": { value: 0x40 } }],
  ["power-limit", { "nvmlDeviceGetPowerManagementLimit 0": { value: 400_000 } }],
])("a GPU's condition %s is told", async (id, answers) => {
  const report = await examine({ ...h100.answers, ...answers });
  expect(checkOf(report, `energy.gpu0.${id}`)).toMatchObject({ status: "warn" });
});

test("an idle GPU below its clocks is not throttled", async () => {
  const report = await examine({ ...h100.answers, "nvmlDeviceGetCurrentClocksEventReasons 0": { value: 1 } });
  expect(checkOf(report, "energy.gpu0.throttled")).toEqual({});
});

test("a machine without NVIDIA GPU has nothing to do about it", async () => {
  const openNvml = async () => ({ status: "missing", reason: "no-sensor", detail: "no library" }) as const;
  const report = await diagnose(await doctorOptions({ openNvml, root: (await recordedTree({})).root }), ["energy"]);
  expect(checkOf(report, "energy.gpu")).toMatchObject({ status: "missing", found: "no NVIDIA GPU", todo: null });
});

test("readable RAPL zones are named", async () => {
  const { root } = await recordedTree(BARE_METAL);
  const report = await diagnose(await doctorOptions({ root, openNvml: new ReplayedNvml({}).open }), ["energy"]);
  expect(checkOf(report, "energy.cpu")).toMatchObject({ status: "ok", found: "RAPL zones: package-0, dram" });
});

test("a virtual machine without RAPL is not sent to load a module", async () => {
  const { root } = await recordedTree({ "/proc/cpuinfo": "flags\t: hypervisor" });
  const report = await diagnose(await doctorOptions({ root, openNvml: new ReplayedNvml({}).open }), ["energy"]);
  expect(checkOf(report, "energy.cpu")).toMatchObject({
    status: "missing",
    todo: expect.stringContaining("bare metal"),
  });
});
