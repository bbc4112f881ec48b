import { expect, test } from "vitest";
import { raplDomains } from "../../../src/host/sampling/rapl-domains.ts";
import { powercapTree } from "./powercap-tree.ts";

test("packages and their memory are counted once: no cores, no psys, no second form of a package", async () => {
  const root = await powercapTree({
    "intel-rapl:0": { name: "package-0", energy_uj: 1 },
    "intel-rapl:0:0": { name: "core", energy_uj: 1 },
    "intel-rapl:0:1": { name: "dram", energy_uj: 1 },
    "intel-rapl:1": { name: "package-1", energy_uj: 1 },
    "intel-rapl:1:0": { name: "dram", energy_uj: 1 },
    "intel-rapl:2": { name: "psys", energy_uj: 1 },
    "intel-rapl-mmio:0": { name: "package-0", energy_uj: 1 },
  });
  const found = (await raplDomains({ root })).map(({ domain }) => domain);
  expect(found.toSorted()).toEqual(["cpu-package-0", "cpu-package-1", "dram-0", "dram-1"]);
});

test("a host without counters has no domains", async () => {
  expect(await raplDomains({ root: await powercapTree({}) })).toEqual([]);
});
