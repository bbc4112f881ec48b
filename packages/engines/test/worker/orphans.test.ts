import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { WorkerCommand } from "../../src/adapter.ts";
import { fixture, isRunning, temporaryFolder } from "../fixtures/open-fake.ts";
import { protocolFolder, python, pythonCommand } from "../fixtures/python.ts";

/** Starts a host whose worker runs, and gives the pids of the worker and of the worker's child. */
async function startHost(command: WorkerCommand): Promise<{ kill: () => Promise<void>; pids: number[] }> {
  const log = join(temporaryFolder(), "log.txt");
  const args = [fixture("host.ts"), log, protocolFolder, command.file, ...command.args];
  const host = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(host, "exit");
  const kill = async (): Promise<void> => {
    host.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  for await (const line of createInterface({ input: host.stdout })) return { kill, pids: line.split(" ").map(Number) };
  return { kill, pids: [] };
}

/** Pids that are left of a worker and its child, 10 s at most after their host was killed. */
async function orphansOf(command: WorkerCommand): Promise<readonly number[]> {
  const { kill, pids } = await startHost(command);
  onTestFinished(() => pids.filter(isRunning).forEach((pid) => process.kill(pid, "SIGKILL")));
  expect(pids.map(isRunning)).toEqual([true, true]);
  await kill();
  for (let waited = 0; waited < 10_000 && pids.some(isRunning); waited += 20) await sleep(20);
  return pids.filter(isRunning);
}

test.each(["idle", "busy"])("a host that is killed leaves nothing of a Node worker that is %s", async (state) => {
  const command = { file: process.execPath, args: [fixture("serve-worker.ts"), state], env: {} };
  expect(await orphansOf(command)).toEqual([]);
});

test.runIf(python).each(["idle", "busy"])(
  "a host that is killed leaves nothing of a Python worker that is %s [needs python3]",
  async (state) => {
    expect(await orphansOf(pythonCommand(state))).toEqual([]);
  },
);
