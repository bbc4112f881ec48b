import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedMeasurement } from "@lem/config";
import { selectSampler } from "../../src/energy/select.ts";

type Settings = ResolvedMeasurement["energy"];

const settings = (sampler: "none" | "auto" | "replay", trace: string | null = null): Settings => ({
  sampler,
  trace,
  interval_ms: 500,
  gain_error: null,
});

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lem-select-"));
  const zone = join(root, "equipped/sys/class/powercap/intel-rapl:0");
  await mkdir(zone, { recursive: true });
  await writeFile(join(zone, "name"), "package-0\n");
  await writeFile(join(zone, "energy_uj"), "1000\n");
});
afterAll(() => rm(root, { recursive: true }));

describe("selectSampler", () => {
  it("says that energy is switched off", async () => {
    expect(await selectSampler(settings("none"))).toMatchObject({
      reading: { reason: "switched-off" },
    });
  });

  it("says that a bare host has no sensor", async () => {
    const choice = await selectSampler(settings("auto"), { root: join(root, "bare") });
    expect(choice).toMatchObject({ status: "unavailable", reading: { reason: "no-sensor" } });
  });

  it("samples the processor's counters where this user may read them", async () => {
    const choice = await selectSampler(settings("auto"), { root: join(root, "equipped") });
    expect(choice).toMatchObject({ status: "available", sampler: { name: "RAPL", live: true } });
  });

  it("replays the trace that is named, and refuses to without one", async () => {
    const trace = join(root, "t.json");
    const header = { device: "d", driver: "1", source: "s", relative_gain_error: 0 };
    const samples = [1, 2].map((t_ns) => ({ domain: "gpu0", t_ns, power_w: 5 }));
    await writeFile(trace, JSON.stringify({ header, samples }));
    expect(await selectSampler(settings("replay", "t.json"), { cwd: root })).toMatchObject({
      status: "available",
      sampler: { name: "replay" },
    });
    await expect(selectSampler(settings("replay"))).rejects.toMatchObject({ code: "config.conflict" });
  });
});
