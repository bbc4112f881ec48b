import { readFileSync, readdirSync } from "node:fs";

/** A process and everything below it; every thread may have children of its own. `proc` is where /proc lies. */
export function processTree(pid: number, proc = "/proc"): readonly number[] {
  const found = [pid];
  for (const each of found) {
    for (const thread of namesOrNone(`${proc}/${each}/task`)) {
      const children = textOrEmpty(`${proc}/${each}/task/${thread}/children`).split(" ");
      found.push(...children.filter((child) => child !== "").map(Number));
    }
  }
  return found;
}

/** The text of a file, empty when it cannot be read: processes come and go. */
export function textOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesOrNone(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
