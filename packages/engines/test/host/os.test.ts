import { hostname, release, userInfo } from "node:os";
import { expect, test } from "vitest";
import { osFacts } from "../../src/host/os.ts";
import { said } from "../fixtures/facts.ts";
import { BARE_METAL, recordedTree } from "../fixtures/recorded-tree.ts";

test("distribution, kernel and load", async () => {
  const facts = await osFacts(await recordedTree(BARE_METAL));
  expect(said(facts["distribution"])).toBe("Ubuntu 24.04.1 LTS");
  expect(said(facts["distribution_id"])).toBe("ubuntu");
  expect(said(facts["load_average_1m"])).toBe(1.5);
  expect(said(facts["uptime_s"])).toBe(86_400.25);
});

test("of the kernel's command line only what changes speed is kept", async () => {
  const facts = await osFacts(await recordedTree(BARE_METAL));
  expect(said(facts["kernel_speed_options"])).toEqual(["mitigations=off", "intel_pstate=passive"]);
});

test("this machine: the kernel is the running one, and no fact holds the host's or the user's name", async () => {
  const facts = await osFacts({ root: "/" });
  expect(said(facts["kernel"])).toBe(release());
  const values = Object.values(facts).map((each) => (each.status === "measured" ? each.value : undefined));
  expect(values).not.toContain(hostname());
  expect(values).not.toContain(userInfo().username);
});
