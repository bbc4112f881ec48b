import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Signals every process of a group; false when there is none left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Kills a group and waits until nothing of it runs; gives the processes that are still there after `patienceMs`. */
export async function endGroup(leader: number, patienceMs: number): Promise<readonly number[]> {
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (!signalGroup(leader, "SIGKILL")) return [];
    const members = livingMembers(leader);
    if (members.length === 0 || performance.now() > deadline) return members;
    await sleep(pauseMs);
  }
}

/**
 * Processes of the group that are not zombies. Where nobody reaps orphans, as in many containers, a zombie stays
 * and answers to signals. Without /proc a group that answers counts as its leader.
 */
function livingMembers(leader: number): readonly number[] {
  try {
    readFileSync("/proc/self/stat");
  } catch {
    return [leader];
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isLivingMember(pid, leader));
}

function isLivingMember(pid: number, leader: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(group) === leader && state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
