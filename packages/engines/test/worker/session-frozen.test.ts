import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { fixture, isRunning, temporaryFolder } from "../fixtures/open-fake.ts";

const FROZEN_MS = 1500;

/** How a load ends whose host, and worker too where it is said, stood still in the middle of it; and how long after. */
async function endOf(behaviour: string, frozen: readonly ("host" | "worker")[]): Promise<readonly [string, number]> {
  const args = [fixture("frozen-host.ts"), fixture("fake-worker.mjs"), behaviour, join(temporaryFolder(), "log.txt")];
  const host = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void host.kill("SIGKILL"));
  const lines = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
  const worker = Number((await lines.next()).value);
  const pids = frozen.map((which) => (which === "host" ? (host.pid ?? Number.NaN) : worker));
  await sleep(250);
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  await sleep(FROZEN_MS);
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGCONT");
  const resumed = performance.now();
  const ended = (await lines.next()).value as string;
  const after = performance.now() - resumed;
  if (host.exitCode === null) await once(host, "exit");
  return [ended, after];
}

test("a worker that went on talking is not silent, however long its host stood still", async () => {
  expect((await endOf("alive-while-slow", ["host"]))[0]).toBe("loaded");
});

test("a worker that stood still with its host, as on a machine that is suspended, is not silent", async () => {
  expect((await endOf("alive-while-slow", ["host", "worker"]))[0]).toBe("loaded");
});

test("a worker that says nothing after that either is ended at its deadline", async () => {
  const [ended, after] = await endOf("silent", ["host", "worker"]);
  expect(ended).toBe("worker.silent");
  expect(after).toBeGreaterThan(200);
});

test("a worker that stands still alone is silent", async () => {
  expect((await endOf("alive-while-slow", ["worker"]))[0]).toBe("worker.silent");
});
