import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { cpuFacts } from "../../src/host/cpu.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("model and vector instructions of an x86 processor come from cpuinfo", async () => {
  const facts = await cpuFacts(await recordedTree(BARE_METAL));
  expect(said(facts["model"])).toBe("Intel(R) Xeon(R) Platinum 8480+");
  expect(said(facts["family_model_stepping"])).toBe("6-143-8");
  expect(said(facts["vector_flags"])).toEqual(["avx", "avx2", "avx512f", "amx_tile", "amx_bf16", "fma"]);
});

test("sockets, cores and threads are counted apart", async () => {
  const facts = await cpuFacts(await recordedTree(BARE_METAL));
  expect([said(facts["sockets"]), said(facts["cores"]), said(facts["threads"])]).toEqual([2, 2, 4]);
  expect(said(facts["numa_nodes"])).toBe(2);
});

test("an Arm processor without a model name is named by its part, its cores come from sysfs", async () => {
  const host = await recordedTree({
    "/proc/cpuinfo":
      "processor\t: 0\nFeatures\t: fp asimd sve bf16\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n\nprocessor\t: 1\nFeatures\t: fp asimd sve bf16\n",
    "/sys/devices/system/cpu/cpu0/topology/core_cpus_list": "0",
    "/sys/devices/system/cpu/cpu0/topology/package_cpus_list": "0-1",
    "/sys/devices/system/cpu/cpu1/topology/core_cpus_list": "1",
    "/sys/devices/system/cpu/cpu1/topology/package_cpus_list": "0-1",
  });
  const facts = await cpuFacts(host);
  expect(said(facts["model"])).toBe("implementer 0x41, part 0xd4f");
  expect([said(facts["sockets"]), said(facts["cores"])]).toEqual([1, 2]);
  expect(said(facts["vector_flags"])).toEqual(["asimd", "sve", "bf16"]);
});

test("a machine without any file guesses nothing", async () => {
  const facts = await cpuFacts(await recordedTree({}));
  expect(Object.values(facts).filter((each) => each.status === "measured")).toEqual([]);
});

test("this machine's threads are what the runtime may use, or more", async () => {
  const facts = await cpuFacts({ root: "/" });
  expect(said(facts["threads"])).toBeGreaterThanOrEqual(availableParallelism());
});
