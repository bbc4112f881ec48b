import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import { tryFileLock, type FileLock } from "@lem/engines/host";
import { lockPath } from "../results/layout.ts";

/** A look at the lock by `lem study status` holds it for a moment: so often it is tried again, so far apart. */
const TRIES = 5;
const PAUSE_MS = 50;

/**
 * Takes a study folder for this process; undefined where the file system knows no locks.
 * @throws LemError `study.locked` when another process works on it, `io.*`
 */
export async function lockStudy(folder: string): Promise<FileLock | undefined> {
  for (let tries = 1; ; tries++) {
    const attempt = await tryFileLock(lockPath(folder));
    if (attempt.status === "unsupported") return undefined;
    if (attempt.status === "held") {
      await attempt.lock.note(String(process.pid));
      return attempt.lock;
    }
    if (tries === TRIES)
      throw new LemError("study.locked", `another lem works on ${folder}${byProcess(attempt.holder)}`, {
        hint: "lem study watch shows it; to end it, interrupt that process",
      });
    await sleep(PAUSE_MS);
  }
}

const byProcess = (noted: string): string => (/^\d+$/.test(noted) ? ` (process ${noted})` : "");
