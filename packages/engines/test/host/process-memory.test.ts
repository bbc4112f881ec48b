import { readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { isAvailable, nanoseconds, type Reading } from "@lem/domain";
import { monotonicNow, openProcessMemorySampler } from "../../src/host/process-memory.ts";
import { recordedTree } from "../fixtures/recorded-tree.ts";

const MIB = 1024 ** 2;
const valueOf = (reading: Reading): number => (isAvailable(reading) ? reading.value : Number.NaN);

/** A Node that runs a program and says "ready" on stdout. */
async function runningNode(program: string): Promise<number> {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.stdin.end();
    await (child.exitCode === null ? once(child, "exit") : undefined);
  });
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

const STAY = "process.stdin.resume(); process.stdin.on('end', () => process.exit());";

test("a child's memory counts with its parent's", async () => {
  const child = `const held = Buffer.alloc(${200 * MIB}, 1); ${STAY} console.log('ready', held.length);`;
  const parent = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['pipe', 'pipe', 'inherit'] });
    c.stdout.once('data', () => console.log('ready')); process.stdin.resume(); process.stdin.on('end', () => { c.stdin.end(); c.on('exit', () => process.exit()); });`;
  const sampler = openProcessMemorySampler(await runningNode(parent), { intervalMs: 20 });
  onTestFinished(() => sampler.stop());
  const from = monotonicNow();
  await wait(100);
  const use = sampler.between(from, monotonicNow());
  expect(valueOf(use.mean)).toBeGreaterThan(200 * MIB);
  expect(valueOf(use.peak)).toBeGreaterThanOrEqual(valueOf(use.mean));
});

test("a peak between two samples is seen by the high-water mark", async () => {
  const program = `process.stdin.once('data', () => { let held = Buffer.alloc(300 * ${MIB}, 1); held = null; gc(); console.log('done'); });
    process.stdin.on('end', () => process.exit()); console.log('ready');`;
  const child = spawn(process.execPath, ["--expose-gc", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, "exit");
  });
  await once(child.stdout, "data");
  const from = monotonicNow();
  const sampler = openProcessMemorySampler(child.pid ?? 0, { intervalMs: 60_000 });
  onTestFinished(() => sampler.stop());
  child.stdin.write("go\n");
  await once(child.stdout, "data");
  const use = sampler.between(from, monotonicNow());
  expect(valueOf(use.peak)).toBeGreaterThan(300 * MIB);
  expect(valueOf(use.mean)).toBeLessThan(300 * MIB);
});

/** Pages of a process that are in memory now, in bytes. */
const residentBytes = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;

test("what was held and freed before the interval does not count", async () => {
  const program = `let held = Buffer.alloc(256 * ${MIB}, 1); console.log('ready', held.length);
    process.stdin.once('data', () => { held = null; gc(); console.log('done'); }); process.stdin.on('end', () => process.exit());`;
  const child = spawn(process.execPath, ["--expose-gc", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, "exit");
  });
  await once(child.stdout, "data");
  const sampler = openProcessMemorySampler(child.pid ?? 0, { intervalMs: 10 });
  onTestFinished(() => sampler.stop());
  const before = monotonicNow();
  await wait(50);
  const freed = once(child.stdout, "data");
  child.stdin.write("free\n");
  await freed;
  const atMost = 256 * MIB;
  await expect.poll(() => residentBytes(child.pid ?? 0), { timeout: 10_000, interval: 10 }).toBeLessThan(atMost);
  const from = monotonicNow();
  await wait(50);
  expect(valueOf(sampler.between(before, from).peak)).toBeGreaterThan(256 * MIB);
  expect(valueOf(sampler.between(from, monotonicNow()).peak)).toBeLessThan(atMost);
});

test("sizes and weights: the mean is linear between samples", async () => {
  const status = (kb: number): string => `VmHWM:\t${kb} kB\nVmRSS:\t${kb} kB\n`;
  const host = await recordedTree({ "/proc/7/status": status(1000), "/proc/7/task/7/children": "" });
  const sampler = openProcessMemorySampler(7, { intervalMs: 60_000, root: host.root });
  onTestFinished(() => sampler.stop());
  const from = monotonicNow();
  const use = sampler.between(from, monotonicNow());
  expect(valueOf(use.mean)).toBe(1_024_000);
  expect(use.peak).toMatchObject({ status: "measured", unit: "B", value: 1_024_000 });
});

test("a process that is gone has no reading", () => {
  const sampler = openProcessMemorySampler(2 ** 22 + 1);
  onTestFinished(() => sampler.stop());
  const use = sampler.between(nanoseconds(0), monotonicNow());
  expect(use.peak).toMatchObject({ status: "unavailable", reason: "too-few-samples" });
  expect(use.mean).toEqual(use.peak);
});
