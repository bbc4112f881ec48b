import { expect, test } from "vitest";
import { cpuFacts } from "../../src/host/cpu.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("frequencies are megahertz, now and the range", async () => {
  const facts = await cpuFacts(await recordedTree(BARE_METAL));
  expect(said(facts["frequency_now_mhz"])).toBe(2100);
  expect(said(facts["frequency_min_mhz"])).toBe(800);
  expect(said(facts["frequency_max_mhz"])).toBe(3800);
  expect(facts["frequency_max_mhz"]).toMatchObject({ unit: "MHz" });
});

test("processors under different governors are all told", async () => {
  const facts = await cpuFacts(await recordedTree(BARE_METAL));
  expect(said(facts["governor"])).toEqual(["performance", "schedutil"]);
});

test.each([
  ["0", true],
  ["1", false],
])("no_turbo %s means boost %s", async (text, boost) => {
  const host = await recordedTree({ ...BARE_METAL, "/sys/devices/system/cpu/intel_pstate/no_turbo": text });
  expect(said((await cpuFacts(host))["boost"])).toBe(boost);
});

test("without frequency scaling the present frequency still comes from cpuinfo and the governor is missing", async () => {
  const cpuinfo = BARE_METAL["/proc/cpuinfo"];
  const facts = await cpuFacts(await recordedTree({ "/proc/cpuinfo": cpuinfo ?? "" }));
  expect(said(facts["frequency_now_mhz"])).toBe(3800);
  expect(said(facts["governor"])).toBe("<not-supported>");
  expect(said(facts["frequency_max_mhz"])).toBe("<not-supported>");
});
