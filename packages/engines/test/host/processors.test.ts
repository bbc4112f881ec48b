import { expect, test } from "vitest";
import { cpuFacts } from "../../src/host/cpu.ts";
import { usableProcessors } from "../../src/host/processors.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("the quota of the own control group cuts the affinity, rounded down", async () => {
  const host = await recordedTree(BARE_METAL);
  const facts = await cpuFacts(host);
  expect(said(facts["affinity_processors"])).toBe(3);
  expect(said(facts["cgroup_quota_processors"])).toBe(2.5);
  expect(await usableProcessors(host)).toBe(2);
});

test("a group above may be the tighter one", async () => {
  const host = await recordedTree({ ...BARE_METAL, "/sys/fs/cgroup/user.slice/cpu.max": "100000 100000" });
  expect(await usableProcessors(host)).toBe(1);
});

test("a quota below one processor leaves one", async () => {
  const host = await recordedTree({ ...BARE_METAL, "/sys/fs/cgroup/user.slice/job.scope/cpu.max": "50000 100000" });
  expect(await usableProcessors(host)).toBe(1);
});

test("version 1 groups are read in their controller's folder, from the visible root down", async () => {
  const host = await recordedTree({
    "/proc/self/status": "Cpus_allowed_list:\t0,2,4-7",
    "/proc/self/cgroup": "4:cpu,cpuacct:/docker/abc\n0::/",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "400000",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
  });
  expect(await usableProcessors(host)).toBe(4);
});

test("no limit in version 1 is -1", async () => {
  const host = await recordedTree({
    "/proc/self/status": "Cpus_allowed_list:\t0-1",
    "/proc/self/cgroup": "4:cpu:/",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
  });
  expect(said((await cpuFacts(host))["cgroup_quota_processors"])).toBe("unlimited");
  expect(await usableProcessors(host)).toBe(2);
});

test("without /proc the number is unknown, not one", async () => {
  expect(await usableProcessors(await recordedTree({}))).toBeUndefined();
});
