import { readFileSync } from "node:fs";
import { endGroup } from "./process-group.ts";

/** A process in a way that no later one of the same number has: its number and when it began. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since the machine started, as the kernel says; null where it does not. */
  readonly started: string | null;
}

/** Time for an orphan to vanish after SIGKILL. */
const PATIENCE_MS = 10_000;

/** Marks a process that runs now. */
export const markProcess = (pid: number): ProcessMark => ({ pid, started: startOf(pid) });

/**
 * Ends a worker whose parent died, with its whole group, if it still runs; one that cannot be told from a later
 * process of the same number is left alone.
 */
export async function endOrphan({ pid, started }: ProcessMark): Promise<void> {
  if (started !== null && startOf(pid) === started) await endGroup(pid, PATIENCE_MS);
}

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
