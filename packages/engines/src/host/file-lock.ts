import { open, stat, unlink, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { fromSystemError } from "@lem/domain";
import { makeFolder } from "../make-folder.ts";

/** A lock that this process holds; the kernel frees it when the process dies, however it dies. */
export interface FileLock {
  /** What the holder before this one had noted, if it did not release the lock itself; else empty. */
  readonly left: string;
  /** Writes who holds it, for those who find it taken; trouble with that is passed over. */
  note(holder: string): Promise<void>;
  /** Removes the file and frees the lock; may be called twice. */
  release(): Promise<void>;
}

/** What came of an attempt to lock a file. */
export type LockAttempt =
  | { readonly status: "held"; readonly lock: FileLock }
  /** Another process has it; `holder` is what that one noted. */
  | { readonly status: "busy"; readonly holder: string }
  /** The file system, or this platform, knows no locks. */
  | { readonly status: "unsupported"; readonly detail: string };

/**
 * Tries to lock a file that only exists while it is locked (flock(2)). Descriptors are closed in child processes, so
 * an engine never keeps the lock of a dead parent.
 * @throws LemError `io.*` when the file cannot be made
 */
export async function tryFileLock(path: string): Promise<LockAttempt> {
  const flock = await openFlock();
  if (flock === undefined) return { status: "unsupported", detail: "this platform has no flock" };
  for (;;) {
    const attempt = await lockOnce(path, flock);
    if (attempt !== undefined) return attempt;
  }
}

/** True when a process holds the lock of a file; who may only read the file can ask too. */
export async function isLocked(path: string): Promise<boolean> {
  const [flock, file] = await Promise.all([openFlock(), open(path, "r").catch(() => undefined)]);
  if (file === undefined) return false;
  const answer = flock?.(file.fd, SHARED_AT_ONCE);
  await file.close();
  return answer === "busy";
}

/** Undefined when the file was removed by its last holder just now: then there is a newer one, or none. */
async function lockOnce(path: string, flock: Flock): Promise<LockAttempt | undefined> {
  const file = await lockFile(path);
  const answer = flock(file.fd, EXCLUSIVE_AT_ONCE);
  const noted = await textOf(file);
  if (answer === "held" && (await isStill(path, file)))
    return { status: "held", lock: new HeldLock(path, file, noted) };
  await file.close();
  if (answer === "held") return undefined;
  return answer === "busy" ? { status: "busy", holder: noted } : { status: "unsupported", detail: answer.detail };
}

async function lockFile(path: string): Promise<FileHandle> {
  try {
    await makeFolder(dirname(path));
    return await open(path, "a+", 0o666);
  } catch (error) {
    throw fromSystemError(error, `locking ${path}`);
  }
}

const isStill = async (path: string, file: FileHandle): Promise<boolean> => {
  const [now, held] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return now?.ino === held.ino && now.dev === held.dev;
};

/** From the beginning, wherever the descriptor stands. */
async function textOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(NOTE_LIMIT_B), 0, NOTE_LIMIT_B, 0);
  return buffer.toString("utf8", 0, bytesRead);
}
const NOTE_LIMIT_B = 4096;

class HeldLock implements FileLock {
  readonly left: string;
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(path: string, file: FileHandle, left: string) {
    this.#path = path;
    this.#file = file;
    this.left = left;
  }

  async note(holder: string): Promise<void> {
    await this.#file?.truncate().catch(() => undefined);
    await this.#file?.appendFile(holder).catch(() => undefined);
  }

  async release(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    await unlink(this.#path).catch(() => undefined);
    await file.close();
  }
}

type Flock = (file: number, how: number) => "held" | "busy" | { readonly detail: string };

/** flock(2): LOCK_EX or LOCK_SH with LOCK_NB, so that it never waits. */
const EXCLUSIVE_AT_ONCE = 2 | 4;
const SHARED_AT_ONCE = 1 | 4;

async function openFlock(): Promise<Flock | undefined> {
  try {
    const koffi = await import("koffi");
    const flock = koffi.load(null).func("flock", "int", ["int", "int"]);
    return (file, how) => {
      if ((flock(file, how) as number) === 0) return "held";
      const errno = koffi.errno();
      return errno === koffi.os.errno["EAGAIN"] ? "busy" : { detail: `flock: errno ${errno}` };
    };
  } catch {
    return undefined;
  }
}
