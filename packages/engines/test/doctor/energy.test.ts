import { expect, test } from "vitest";
import { measured, unavailable, type Reading } from "@lem/domain";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { DoctorReport } from "../../src/doctor/report.ts";
import type { SourceTiming } from "../../src/host/sampling/source-timing.ts";
import h100 from "../host/fixtures/nvml-h100.json" with { type: "json" };
import { checkOf, doctorOptions } from "../fixtures/doctor-options.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";
import { ReplayedNvml, type RecordedAnswers } from "../fixtures/replayed-nvml.ts";

const UNWATCHED = { status: "failed", reason: "no-sensor", detail: "no GPU" } as const;

async function examine(answers: RecordedAnswers): Promise<DoctorReport> {
  const openNvml = new ReplayedNvml(answers).open;
  return diagnose(await doctorOptions({ openNvml, watchSources: async () => UNWATCHED }), ["energy"]);
}

test("the recorded H100 has both sources of energy and no drawback", async () => {
  const report = await examine(h100.answers);
  expect(checkOf(report, "energy.gpu0")).toMatchObject({ status: "ok", title: "GPU 0 NVIDIA H100 80GB HBM3" });
  expect(report.checks.energy.map((check) => check.id)).toEqual(["energy.gpu0", "energy.cpu"]);
});

test("each source says how often, how late and at what price it tells something", async () => {
  const ms = (value: number): Reading => measured({ value, unit: "ms", source: "watched" });
  const none = unavailable("not-supported", "this GPU has none");
  const sources: readonly SourceTiming[] = [
    { source: "ring", period: ms(20), delay: ms(31.24), call_cost: ms(0.7) },
    { source: "counter", period: none, delay: none, call_cost: none },
    { source: "gpm", period: none, delay: none, call_cost: none },
  ];
  const watchSources = async () => ({ status: "started", about: { sources } }) as const;
  const openNvml = new ReplayedNvml(h100.answers).open;
  const report = await diagnose(await doctorOptions({ openNvml, watchSources }), ["energy"]);
  expect(checkOf(report, "energy.gpu0.ring")).toMatchObject({
    status: "ok",
    found: "every 20.0 ms, late by 31.2 ms, a call takes 0.700 ms",
  });
  expect(checkOf(report, "energy.gpu0.counter")).toMatchObject({ status: "warn", why: "this GPU has none" });
  expect(checkOf(report, "energy.gpu0.gpm")).toMatchObject({ status: "ok", found: "not here: this GPU has none" });
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
