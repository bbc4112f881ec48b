import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { memoryFacts } from "../../src/host/memory.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("sizes are bytes, counts are counts", async () => {
  const facts = await memoryFacts(await recordedTree(BARE_METAL));
  expect(facts["total_b"]).toEqual({
    status: "measured",
    value: 1_081_344_000_000,
    source: "/proc/meminfo",
    unit: "B",
  });
  expect(said(facts["huge_pages_total"])).toBe(16);
  expect(said(facts["huge_page_size_b"])).toBe(2_097_152);
});

test("the tightest limit of the groups above counts", async () => {
  const facts = await memoryFacts(await recordedTree(BARE_METAL));
  expect(facts["cgroup_limit_b"]).toMatchObject({
    value: 68_719_476_736,
    source: "/sys/fs/cgroup/user.slice/memory.max",
  });
});

test("version 1 writes no limit as a huge number", async () => {
  const host = await recordedTree({
    "/proc/self/cgroup": "4:memory:/",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
  });
  expect(said((await memoryFacts(host))["cgroup_limit_b"])).toBe("unlimited");
});

test("a field that the kernel does not have is missing, not zero", async () => {
  const facts = await memoryFacts(await recordedTree({ "/proc/meminfo": "MemTotal: 1024 kB" }));
  expect(said(facts["total_b"])).toBe(1_048_576);
  expect(said(facts["swap_total_b"])).toBe("<read-failed>");
});

test("this machine's total is what the runtime sees", async () => {
  expect(said((await memoryFacts({ root: "/" }))["total_b"])).toBe(totalmem());
});
