import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPowercapZones, powercapProblem } from "../../src/host/powercap.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("zones are found with their range, packages before their parts", async () => {
  const zones = await findPowercapZones(await recordedTree(BARE_METAL));
  expect(zones).toEqual([
    { path: "/sys/class/powercap/intel-rapl:0", name: "package-0", readable: true, range_uj: 262_143_328_850 },
    { path: "/sys/class/powercap/intel-rapl:0:0", name: "dram", readable: true },
  ]);
  expect(powercapProblem(zones, false)).toBeUndefined();
});

test("counters that only root may read say so, with the command that opens them", async () => {
  const host = await recordedTree(BARE_METAL);
  await Promise.all(
    ["intel-rapl:0", "intel-rapl:0:0"].map((zone) =>
      chmod(join(host.root, "/sys/class/powercap", zone, "energy_uj"), 0o000),
    ),
  );
  await chmod(host.root, 0o755);
  actAsOrdinaryUser();
  const zones = await findPowercapZones(host);
  expect(zones.map((zone) => [zone.readable, zone.errno])).toEqual([
    [false, "EACCES"],
    [false, "EACCES"],
  ]);
  expect(powercapProblem(zones, false)?.todo).toContain("chmod a+r /sys/class/powercap/*/energy_uj");
});

test.each([
  [true, "bare metal"],
  [false, "modprobe"],
])("no zones, virtual machine %s: what to do names %s", async (virtual, words) => {
  const zones = await findPowercapZones(await recordedTree({}));
  expect(powercapProblem(zones, virtual)?.todo).toContain(words);
});

/** Root reads everything: for the rest of the test the process acts as nobody. */
function actAsOrdinaryUser(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}
