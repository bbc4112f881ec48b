import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { deviceKey, keepIdle, readIdle, whyNotReused, type CachedIdle } from "../../src/energy/idle-cache.ts";
import { stateOf } from "../support/machine-cases.ts";

const NOW = new Date("2026-11-22T10:00:00Z");
const { settings, temperature_c, clock_mhz } = stateOf();
const kept: CachedIdle = {
  state: { settings, temperature_c, clock_mhz },
  power_w: 70,
  seconds: 5,
  source: "ring",
  relative_gain_error: 0.05,
  measured_at: "2026-11-22T09:50:00Z",
};
const LIMIT = { now: NOW, max_age_s: 3600 };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lem-idle-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe("a kept idle power", () => {
  it("is taken in the same state of the machine", () => {
    expect(whyNotReused(kept, stateOf({ temperature_c: 42 }), LIMIT)).toBeUndefined();
  });

  it.each([
    ["age", stateOf(), { ...LIMIT, max_age_s: 599 }, "600 s old"],
    ["a clock that went back", stateOf(), { ...LIMIT, now: new Date("2026-11-22T09:49:00Z") }, "-60 s old"],
    ["another driver", stateOf({ settings: { ...settings, driver: "2" } }), LIMIT, "driver was 1, and is 2"],
    [
      "another power limit",
      stateOf({ settings: { ...settings, power_limit_mw: 4e5 } }),
      LIMIT,
      "power_limit_mw was 700000, and is 400000",
    ],
    ["a setting that is read no more", stateOf({ settings: { driver: "1", performance_state: 0 } }), LIMIT, "is null"],
    ["another temperature", stateOf({ temperature_c: 44 }), LIMIT, "40 °C, and is 44 °C"],
    ["an unknown temperature", stateOf({ temperature_c: null }), LIMIT, "is null"],
    ["locked clocks", stateOf({ clock_mhz: 1980 }), LIMIT, "345 MHz, and is 1980 MHz"],
    ["another program", stateOf({ processes: [{ pid: 7, memory_b: null }] }), LIMIT, "another program"],
  ])("is refused for %s, and says why", (_, state, limit, words) => {
    expect(whyNotReused(kept, state, limit)).toContain(words);
  });

  it("comes back as it was kept, the newest of one state in the place of an older one", async () => {
    const path = await folder();
    const warm = { ...kept, state: { ...kept.state, temperature_c: 50 } };
    await keepIdle(path, "GPU-1", { ...kept, power_w: 60 });
    await keepIdle(path, "GPU-1", warm);
    await keepIdle(path, "GPU-1", kept);
    expect(await readIdle(path, "GPU-1")).toEqual([kept, warm]);
    expect(await readdir(path)).toHaveLength(1);
  });

  it("of many states the newest stay", async () => {
    const path = await folder();
    for (let degrees = 0; degrees < 200; degrees += 10)
      await keepIdle(path, "GPU-1", { ...kept, state: { ...kept.state, temperature_c: degrees } });
    const found = await readIdle(path, "GPU-1");
    expect([found.length, found[0]?.state.temperature_c]).toEqual([16, 190]);
  });

  it("is none for another device, without a file, or with a file that is no such figure", async () => {
    const path = await folder();
    await keepIdle(path, "GPU-1", kept);
    expect(await readIdle(path, "GPU-2")).toEqual([]);
    expect(await readIdle(join(path, "none"), "GPU-1")).toEqual([]);
    const file = {
      schema_version: 1,
      device: "GPU-1",
      figures: [
        { ...kept, measured_at: "?" },
        { ...kept, seconds: 0 },
      ],
    };
    for (const text of ["", "{}", JSON.stringify(file), JSON.stringify({ ...file, schema_version: 9 }), "[1"]) {
      for (const name of await readdir(path)) await writeFile(join(path, name), text);
      expect(await readIdle(path, "GPU-1")).toEqual([]);
    }
  });

  it("belongs to a GPU whatever its index, and to one counter of one boot", () => {
    expect(deviceKey("gpu3", stateOf())).toBe(deviceKey("gpu0", stateOf()));
    const boot = stateOf({ device_id: "boot" });
    expect(deviceKey("dram-0", boot)).not.toBe(deviceKey("cpu-package-0", boot));
  });
});
