import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLocked, tryFileLock, type FileLock } from "../../src/host/file-lock.ts";

const HOLDER = new URL("../fixtures/lock-holder.ts", import.meta.url).pathname;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-lock-"));
  path = join(folder, "locks", "gpu");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function held(): Promise<FileLock> {
  const attempt = await tryFileLock(path);
  if (attempt.status !== "held") throw new Error(`the lock is ${attempt.status}`);
  return attempt.lock;
}

/** A process that holds the lock and has started a child of its own. */
async function holder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [HOLDER, path], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout !== null) await once(child.stdout, "data");
  return child;
}

test("a lock is held once, says by whom, and is free again after its release", async () => {
  const lock = await held();
  await lock.note("pid 1");
  expect(await tryFileLock(path)).toEqual({ status: "busy", holder: "pid 1" });
  chmodSync(path, 0o400);
  expect(await Promise.all([isLocked(path), isLocked(path)])).toEqual([true, true]);
  await lock.release();
  await lock.release();
  expect(existsSync(path)).toBe(false);
  expect(await isLocked(path)).toBe(false);
  const next = await held();
  expect(next.left).toBe("");
  await next.release();
});

test("the lock of a process killed with -9 is taken over with what that one noted, although its child lives", async () => {
  const child = await holder();
  expect(await tryFileLock(path)).toMatchObject({ status: "busy" });
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await held();
  const { pid, grandchild } = JSON.parse(lock.left) as { pid: number; grandchild: number };
  expect(pid).toBe(child.pid);
  expect(process.kill(grandchild, "SIGKILL")).toBe(true);
  await lock.release();
});

test("a holder that releases while another tries leaves exactly one", async () => {
  for (let round = 0; round < 20; round++) {
    const first = await held();
    const [, ...others] = await Promise.all([first.release(), tryFileLock(path), tryFileLock(path), tryFileLock(path)]);
    const winners = others.flatMap((attempt) => (attempt.status === "held" ? [attempt.lock] : []));
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const lock of winners) await lock.release();
  }
});

test("a folder that cannot be made is a clear error", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(tryFileLock(join(folder, "file", "gpu"))).rejects.toMatchObject({ code: "io.failed" });
});
