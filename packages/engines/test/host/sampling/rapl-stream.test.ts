import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { raplDomains, RaplStream } from "../../../src/host/sampling/rapl-stream.ts";

const POWERCAP = "sys/class/powercap";

type Zone = Readonly<{ name: string; energy_uj: number; max_energy_range_uj?: number }>;

/** A powercap tree with the given zones. */
async function tree(zones: Readonly<Record<string, Zone>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "lem-rapl-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [folder, files] of Object.entries(zones)) {
    await mkdir(join(root, POWERCAP, folder), { recursive: true });
    for (const [file, value] of Object.entries(files))
      await writeFile(join(root, POWERCAP, folder, file), `${value}\n`);
  }
  return root;
}

const set = (root: string, folder: string, value: number | string): Promise<void> =>
  writeFile(join(root, POWERCAP, folder, "energy_uj"), `${value}\n`);

/** Joules between the first and the last reading. */
function joulesOf(stream: RaplStream, domain: string): number {
  const { t_ns, value } = stream.pointsOf(domain).points;
  return (
    value.reduce(
      (sum, power, index) => sum + (index === 0 ? 0 : power * ((t_ns[index] ?? 0) - (t_ns[index - 1] ?? 0))),
      0,
    ) / 1e9
  );
}

test("packages and their memory are counted once: no cores, no psys, no second form of a package", async () => {
  const root = await tree({
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

test("joules are those that the counter grew by, over its wrap too", async () => {
  const zone = { name: "package-0", energy_uj: 9_000_000, max_energy_range_uj: 10_000_000 };
  const root = await tree({ "intel-rapl:0": zone });
  const stream = await RaplStream.open({ root });
  stream?.read();
  await set(root, "intel-rapl:0", 9_500_000);
  stream?.read();
  await set(root, "intel-rapl:0", 700_000);
  stream?.read();
  expect(stream === undefined ? 0 : joulesOf(stream, "cpu-package-0")).toBeCloseTo(1.7, 6);
});

test("a wrap of a counter whose range is unknown gives no figure", async () => {
  const root = await tree({ "intel-rapl:0": { name: "package-0", energy_uj: 900 } });
  const stream = await RaplStream.open({ root });
  stream?.read();
  await set(root, "intel-rapl:0", 100);
  stream?.read();
  expect(stream?.pointsOf("cpu-package-0").points.value.at(-1)).toBeNaN();
});

test("a counter that can be read no more says why, and keeps what it told", async () => {
  const root = await tree({ "intel-rapl:0": { name: "package-0", energy_uj: 5 } });
  const stream = await RaplStream.open({ root });
  stream?.read();
  await rm(join(root, POWERCAP, "intel-rapl:0", "energy_uj"));
  stream?.read();
  const { points, fault } = stream?.pointsOf("cpu-package-0") ?? { points: { t_ns: [] }, fault: null };
  expect([points.t_ns.length, fault]).toEqual([1, expect.stringContaining("ENOENT")]);
});

test("a host without counters has no stream", async () => {
  expect(await RaplStream.open({ root: await tree({}) })).toBeUndefined();
});
