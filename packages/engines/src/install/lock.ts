import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromSystemError, LemError } from "@lem/domain";
import { makeFolder } from "../make-folder.ts";

/** How a lock is waited for. */
export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Told once, when the lock is held by another living process. */
  readonly onWait?: (pid: number) => void;
}

const POLL_MS = 250;

/**
 * Does `work` while holding the lock file `path`, which names the holder's pid. A lock whose holder is dead is taken
 * over; a living holder is waited for.
 * @throws LemError `run.interrupted` when `signal` ends the waiting, `io.*` when the file cannot be written
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(path, options);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, { signal, onWait }: LockOptions): Promise<void> {
  let told = false;
  while (!(await tryCreate(path))) {
    const holder = await holderOf(path);
    if (holder === undefined || !(await isAlive(holder))) {
      await removeDead(path);
      continue;
    }
    if (!told) onWait?.(holder.pid);
    told = true;
    await pause(path, signal);
  }
}

async function pause(path: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new LemError("run.interrupted", `stopped while waiting for ${path}`, { cause: error });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, `${process.pid} ${await startOf(process.pid)}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fromSystemError(error, `creating ${path}`);
  }
}

interface Holder {
  readonly pid: number;
  /** When it started, in the kernel's words; empty where the kernel does not say. Tells a reused pid apart. */
  readonly start: string;
}

/** A file without a number is a lock that is being written: it counts as its writer's for one poll. */
async function holderOf(path: string): Promise<Holder | undefined> {
  for (const delay of [0, POLL_MS]) {
    await sleep(delay);
    const [pid = "", start = ""] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ");
    if (Number(pid) > 0) return { pid: Number(pid), start };
  }
  return undefined;
}

/** Moves a dead holder's lock away, so that of several who try one succeeds; a living one moved by mistake goes back. */
async function removeDead(path: string): Promise<void> {
  const moved = `${path}.${randomUUID()}`;
  try {
    await rename(path, moved);
    const holder = await holderOf(moved);
    if (holder !== undefined && (await isAlive(holder))) await link(moved, path);
  } catch {
    // Another process was faster.
  } finally {
    await rm(moved, { force: true });
  }
}

async function isAlive({ pid, start }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = await startOf(pid);
  return start === "" || now === "" || start === now;
}

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
