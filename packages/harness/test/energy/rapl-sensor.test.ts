import { Worker } from "node:worker_threads";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { nanoseconds } from "@lem/domain";
import type { DomainEnergy, EnergySampler } from "../../src/energy/sampler.ts";
import { selectSampler } from "../../src/energy/select.ts";
import { samplerContract, type SamplerCase } from "./sampler-contract.ts";

const ZONES = { "intel-rapl:0": ["package-0", 40], "intel-rapl:0:0": ["dram", 5] } as const;
/** Where the counters wrap, and from where they count: at 40 W the first wrap comes after 1.5 s. */
const RANGE_UJ = 1e9;
const FROM_UJ = RANGE_UJ - 60e6;
const SETTINGS = { sampler: "auto", trace: null, interval_ms: 100, gain_error: null } as const;

/** Counts as the processor does, on a thread of its own: the test's own loop may be held up. */
const COUNTING = `
const { renameSync, writeFileSync } = require("node:fs");
const { workerData: files } = require("node:worker_threads");
const begin = process.hrtime.bigint();
setInterval(() => {
  const us = Number(process.hrtime.bigint() - begin) / 1e3;
  for (const [file, watts] of files) {
    try {
      writeFileSync(file + ".new", String(Math.round(${FROM_UJ} + us * watts) % ${RANGE_UJ}));
      renameSync(file + ".new", file);
    } catch {}
  }
}, 2);`;

/** A sampler over a powercap tree whose counters run. */
async function onInjectedTree(): Promise<SamplerCase & { readonly root: string }> {
  const root = await mkdtemp(join(tmpdir(), "lem-rapl-"));
  const files: (readonly [string, number])[] = [];
  for (const [zone, [name, watts]] of Object.entries(ZONES)) {
    const folder = join(root, "sys/class/powercap", zone);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "name"), `${name}\n`);
    await writeFile(join(folder, "energy_uj"), `${FROM_UJ}\n`);
    await writeFile(join(folder, "max_energy_range_uj"), `${RANGE_UJ}\n`);
    files.push([join(folder, "energy_uj"), watts]);
  }
  const counting = new Worker(COUNTING, { eval: true, workerData: files });
  const open = async () => ({ status: "missing", reason: "no-sensor", detail: "none" }) as const;
  const choice = await selectSampler(SETTINGS, { root, open });
  const sampler = (choice as Extract<typeof choice, { status: "available" }>).sampler;
  onTestFinished(async () => {
    await sampler.stop();
    await counting.terminate();
    await rm(root, { recursive: true });
  });
  const pass = async (seconds: number): Promise<number> => {
    await sleep(seconds * 1000);
    return Number(process.hrtime.bigint());
  };
  return { root, sampler, pass };
}

const wattsOf = async (sampler: EnergySampler, from: number, to: number): Promise<readonly (number | undefined)[]> => {
  const parts = await sampler.energyBetween(nanoseconds(from), nanoseconds(to));
  return parts.map((part: DomainEnergy) =>
    part.status === "measured" ? part.energy_j / ((to - from) / 1e9) : undefined,
  );
};

samplerContract("RAPL on an injected powercap tree", onInjectedTree);

it("package and memory are exact over wraps, while the loop that asks is held up", async () => {
  const { sampler, pass } = await onInjectedTree();
  await sampler.start();
  const begin = await pass(0.3);
  const until = performance.now() + 3000;
  while (performance.now() < until);
  const end = Number(process.hrtime.bigint());
  const [cpu, dram] = await wattsOf(sampler, begin, end);
  expect(cpu).toBeGreaterThan(0.97 * 40);
  expect(cpu).toBeLessThan(1.03 * 40);
  expect(dram).toBeCloseTo(5, 0);
});

it("a counter that vanishes costs its own domain from then on, and no other", async () => {
  const { root, sampler, pass } = await onInjectedTree();
  await sampler.start();
  const begin = await pass(0.3);
  const middle = await pass(0.5);
  await rename(join(root, "sys/class/powercap/intel-rapl:0:0"), join(root, "gone"));
  const end = await pass(0.5);
  expect((await wattsOf(sampler, begin, middle - 0.2e9)).map((watts) => watts !== undefined)).toEqual([true, true]);
  const [cpu, dram] = await sampler.energyBetween(nanoseconds(middle), nanoseconds(end));
  expect([cpu?.status, dram]).toMatchObject(["measured", { status: "unavailable", code: "sampler-lost" }]);
});

it("the state of the processor is noted with the boot that it belongs to", async () => {
  const { sampler } = await onInjectedTree();
  await sampler.start();
  await sampler.readState({ moment: "bare-before", engine_pids: [] });
  expect(sampler.recordings().map(({ states }) => states.length)).toEqual([1, 1]);
  expect(sampler.recordings()[0]?.sensor).toMatchObject({ domain: "cpu-package-0", cumulative: true });
});
