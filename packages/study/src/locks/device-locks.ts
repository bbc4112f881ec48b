import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emit } from "@lem/domain";
import { endOrphan, lemPaths, markProcess, type Env, type ProcessMark } from "@lem/engines";
import { cudaVariables, openNvml, tryFileLock, visibleGpus, type FileLock, type NvmlOpening } from "@lem/engines/host";
import { refuseInterrupted } from "@lem/harness";

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_MS = 250;

/** What locking works with. */
export interface DeviceLockOptions {
  readonly env: Env;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** The command of this process, for those who wait for it. */
  readonly command: readonly string[];
  /** Opens NVML; tests give their own. */
  readonly open?: (() => Promise<NvmlOpening>) | undefined;
}

/** The devices of this machine that a study has for itself. */
export interface DeviceLocks {
  /** `cpu`, or the UUIDs of GPUs. */
  readonly devices: readonly string[];
  /** Notes an engine's process, so that whoever takes a dead study's lock can end it. */
  noteWorker(pid: number): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly command: string;
  readonly since: string;
  readonly worker?: ProcessMark;
}

/**
 * Locks every GPU that an engine started here would see, or `cpu` on a machine without: experiments on one device
 * would measure each other. Waits while another study has one of them; always in the same order, so that two never
 * wait for each other. An engine that outlived the study that held a lock before is ended.
 * @throws LemError `io.*`, `run.interrupted`
 */
export async function lockDevices(options: DeviceLockOptions): Promise<DeviceLocks> {
  const devices = await devicesOf(options);
  const locks: FileLock[] = [];
  const release = async (): Promise<void> => {
    for (const lock of locks) await lock.release();
  };
  const own: Holder = { pid: process.pid, command: options.command.join(" "), since: new Date().toISOString() };
  const note = async (holder: Holder): Promise<void> => {
    await Promise.all(locks.map((lock) => lock.note(JSON.stringify(holder))));
  };
  try {
    for (const device of devices) {
      const lock = await waitForLock(device, options);
      if (lock === undefined) continue;
      locks.push(lock);
      const { worker } = holderOf(lock.left) ?? {};
      if (worker !== undefined) await endOrphan(worker);
    }
    await note(own);
  } catch (error) {
    await release();
    throw error;
  }
  return { devices, noteWorker: (pid) => note({ ...own, worker: markProcess(pid) }), release };
}

async function devicesOf({ env, open = openNvml }: DeviceLockOptions): Promise<readonly string[]> {
  const opening = await open();
  if (opening.status === "missing") return ["cpu"];
  try {
    const { gpus, problem } = visibleGpus(opening.nvml, cudaVariables(env));
    // Where nobody can tell which GPUs are meant, an engine may use any of them.
    const used = problem === undefined ? gpus : visibleGpus(opening.nvml, {}).gpus;
    return used.length === 0 ? ["cpu"] : used.map(({ uuid, index }) => (uuid === "" ? `gpu${index}` : uuid)).toSorted();
  } finally {
    opening.nvml.close();
  }
}

/** Undefined where locks are not to be had, which is said. */
async function waitForLock(device: string, options: DeviceLockOptions): Promise<FileLock | undefined> {
  const { emit, signal, env } = options;
  const path = join(lemPaths(env).locks, `${device}.lock`);
  for (let looks = 0; ; looks++) {
    refuseInterrupted(signal);
    const attempt = await tryFileLock(path);
    if (attempt.status === "held") return attempt.lock;
    if (attempt.status === "unsupported") {
      const message = `nothing keeps other studies from ${device}: ${attempt.detail} at ${path}`;
      emit({ type: "problem", code: "io.failed", message, hint: "set LEM_LOCKS to a folder on a local disk" });
      return undefined;
    }
    if (looks === 0) emit({ type: "waiting", reason: "lock", detail: heldBy(device, attempt.holder), seconds: null });
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function heldBy(device: string, noted: string): string {
  const holder = holderOf(noted);
  if (holder === undefined) return `another study has ${device}`;
  return `\`${holder.command}\` (pid ${holder.pid}) has ${device} since ${holder.since}`;
}

/** What a holder noted; undefined while it is being written. */
function holderOf(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === "number" && typeof value.command === "string" ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}
