import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selectSampler } from "../../src/energy/select.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lem-select-"));
  await mkdir(join(root, "equipped/sys/class/powercap/intel-rapl:0"), { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

describe("selectSampler", () => {
  it("says that energy is switched off", async () => {
    expect(await selectSampler({ sampler: "none", trace: null })).toMatchObject({
      reading: { reason: "switched-off" },
    });
  });

  it("says that a bare host has no sensor", async () => {
    const choice = await selectSampler({ sampler: "auto", trace: null }, { root: join(root, "bare") });
    expect(choice).toMatchObject({ status: "unavailable", reading: { reason: "no-sensor" } });
  });

  it("does not blame a host that has the sensor", async () => {
    const choice = await selectSampler({ sampler: "auto", trace: null }, { root: join(root, "equipped") });
    expect(choice).toMatchObject({ reading: { reason: "not-supported", detail: expect.stringContaining("RAPL") } });
  });

  it("replays the trace that is named, and refuses to without one", async () => {
    const trace = join(root, "t.json");
    const header = { device: "d", driver: "1", source: "s", relative_gain_error: 0 };
    const samples = [1, 2].map((t_ns) => ({ domain: "gpu0", t_ns, power_w: 5 }));
    await writeFile(trace, JSON.stringify({ header, samples }));
    expect(await selectSampler({ sampler: "replay", trace: "t.json" }, { cwd: root })).toMatchObject({
      status: "available",
      sampler: { name: "replay" },
    });
    await expect(selectSampler({ sampler: "replay", trace: null })).rejects.toMatchObject({ code: "config.conflict" });
  });
});
