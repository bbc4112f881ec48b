import { expect, test } from "vitest";
import { diagnose } from "../../src/doctor/diagnose.ts";
import { checkOf, doctorOptions } from "../fixtures/doctor-options.ts";
import { BARE_METAL, recordedTree, type RecordedFiles } from "../fixtures/recorded-tree.ts";

async function examine(more: RecordedFiles): Promise<ReturnType<typeof diagnose>> {
  const { root } = await recordedTree({ ...BARE_METAL, "/dev/shm/x": "", ...more });
  return diagnose(await doctorOptions({ root }), ["host"]);
}

test("processors are those that this process may use", async () => {
  const check = checkOf(await examine({}), "host.processors");
  expect(check).toMatchObject({ status: "ok", found: "2 usable of 4, Intel(R) Xeon(R) Platinum 8480+" });
});

const POLICY = "/sys/devices/system/cpu/cpufreq/policy";

test.each([
  ["performance", "intel_cpufreq", "ok"],
  ["powersave", "intel_pstate", "ok"],
  ["powersave", "acpi-cpufreq", "warn"],
  ["schedutil", "intel_cpufreq", "warn"],
])("governor %s of %s is %s", async (governor, driver, status) => {
  const report = await examine({
    [`${POLICY}0/scaling_governor`]: governor,
    [`${POLICY}1/scaling_governor`]: governor,
    [`${POLICY}0/scaling_driver`]: driver,
  });
  expect(checkOf(report, "host.governor")).toMatchObject({ status, found: governor });
});

test.each([
  ["0.90 0 0 1/9 9", "ok"],
  ["1.10 0 0 1/9 9", "warn"],
])("load %s on two processors is %s", async (load, status) => {
  expect(checkOf(await examine({ "/proc/loadavg": load }), "host.load")).toMatchObject({ status });
});

test("memory is what the control group leaves", async () => {
  const check = checkOf(await examine({}), "host.memory");
  expect(check).toMatchObject({ status: "ok", found: "64.0 GiB available, limited by a control group" });
});

test("little memory is a drawback", async () => {
  const report = await examine({ "/proc/meminfo": "MemAvailable: 1048576 kB" });
  expect(checkOf(report, "host.memory")).toMatchObject({
    status: "warn",
    found: "1.0 GiB available, limited by a control group",
  });
});

test("a virtual machine is a drawback, bare metal is not", async () => {
  expect(checkOf(await examine({}), "host.virtual")).toMatchObject({ status: "ok", found: "no virtual machine" });
  const report = await examine({ "/sys/class/dmi/id/sys_vendor": "QEMU" });
  expect(checkOf(report, "host.virtual")).toMatchObject({ status: "warn", found: "virtual machine (kvm)" });
});

test("a machine that tells nothing is examined all the same", async () => {
  const { root } = await recordedTree({});
  const { checks } = await diagnose(await doctorOptions({ root }), ["host"]);
  expect(checks.host.find((check) => check.id === "host.processors")).toMatchObject({ status: "missing" });
  expect(checks.host.length).toBe(8);
});
