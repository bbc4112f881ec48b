import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Batch } from "../../../src/host/sampling/batch.ts";
import { RaplCounter } from "../../../src/host/sampling/rapl-counter.ts";
import { counterFile, powercapTree } from "./powercap-tree.ts";

/** A counter that is read at each of the given values, 20 ms apart. */
async function readings(values: readonly number[], range_uj?: number): Promise<Batch> {
  const root = await powercapTree({ "intel-rapl:0": { name: "package-0", energy_uj: values[0] ?? 0 } });
  const file = counterFile(root, "intel-rapl:0");
  const counter = new RaplCounter({ domain: "cpu-package-0", file, range_uj });
  for (const value of values) {
    await writeFile(file, `${value}\n`);
    counter.read();
    await sleep(20);
  }
  return counter.take();
}

/** Joules between the first and the last reading. */
function joulesOf({ points: { power } }: Batch): number {
  const { t_ns, value } = power ?? { t_ns: new Float64Array(0), value: new Float64Array(0) };
  const parts = value.map((watts, index) => (index === 0 ? 0 : watts * ((t_ns[index] ?? 0) - (t_ns[index - 1] ?? 0))));
  return parts.reduce((sum, part) => sum + part, 0) / 1e9;
}

test("joules are those that the counter grew by, over its wrap too", async () => {
  expect(joulesOf(await readings([9_000_000, 9_500_000, 700_000], 10_000_000))).toBeCloseTo(1.7, 6);
});

test.each([
  ["a wrap of a counter whose range is unknown", [900, 100], undefined],
  ["a counter that began anew far from its wrap", [200e9, 5], 262_143_328_850],
])("%s gives no figure", async (_, values, range) => {
  expect((await readings(values, range)).points.power?.value.at(-1)).toBeNaN();
});

test("a counter that can be read no more says why once, and keeps what it told", async () => {
  const root = await powercapTree({ "intel-rapl:0": { name: "package-0", energy_uj: 5 } });
  const file = counterFile(root, "intel-rapl:0");
  const counter = new RaplCounter({ domain: "cpu-package-0", file, range_uj: undefined });
  counter.read();
  await rm(file);
  counter.read();
  counter.read();
  const { points, faults } = counter.take();
  expect(points.power?.t_ns).toHaveLength(1);
  expect(faults).toMatchObject([{ call: "energy_uj", detail: expect.stringContaining("ENOENT") }]);
});
