import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Batch } from "../../../src/host/sampling/batch.ts";
import { findRaplCounters, RaplStream } from "../../../src/host/sampling/rapl-stream.ts";
import { counterFile, powercapTree } from "./powercap-tree.ts";

interface Opened {
  readonly root: string;
  readonly stream: RaplStream;
  readonly batches: ReadonlyMap<string, readonly Batch[]>;
}

/** A running stream over two injected counters. */
async function started(): Promise<Opened> {
  const root = await powercapTree({
    "intel-rapl:0": { name: "package-0", energy_uj: 5 },
    "intel-rapl:0:0": { name: "dram", energy_uj: 7 },
  });
  const stream = new RaplStream(await findRaplCounters({ root }));
  onTestFinished(() => stream.stop());
  const batches = new Map<string, Batch[]>();
  for (const domain of ["cpu-package-0", "dram-0"]) {
    const own: Batch[] = [];
    batches.set(domain, own);
    stream.listen(domain, (batch) => own.push(batch));
  }
  expect(await stream.start()).toMatchObject({ status: "started" });
  return { root, stream, batches };
}

const countOf = (batches: readonly Batch[] = []): number =>
  batches.reduce((sum, { points }) => sum + (points.power?.t_ns.length ?? 0), 0);

test("counters are read by a thread while the loop of this one is held up", async () => {
  const { stream, batches } = await started();
  const until = performance.now() + 600;
  while (performance.now() < until);
  expect(await stream.flush()).toBe(true);
  for (const own of batches.values()) expect(countOf(own)).toBeGreaterThanOrEqual(5);
});

test("a counter that is gone is told with its batch; the other goes on", async () => {
  const { root, stream, batches } = await started();
  await rm(counterFile(root, "intel-rapl:0:0"));
  await stream.flush();
  await sleep(120);
  await stream.flush();
  const faults = (domain: string): readonly string[] =>
    (batches.get(domain) ?? []).flatMap((batch) => batch.faults.map(({ call }) => call));
  expect([faults("cpu-package-0"), faults("dram-0")]).toEqual([[], ["energy_uj"]]);
  expect(countOf(batches.get("cpu-package-0"))).toBeGreaterThan(countOf(batches.get("dram-0")));
});

test("after its end it answers no more, and may be ended twice", async () => {
  const { stream } = await started();
  await stream.stop();
  await stream.stop();
  expect([await stream.flush(), stream.lost]).toEqual([false, null]);
});
