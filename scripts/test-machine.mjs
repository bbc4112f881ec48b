import { spawnSync } from "node:child_process";

const NAMES = ["python3", "python3.13", "python3.12", "python3.11", "python"];
const PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";

/**
 * The Python that engine tests can use here: 3.11 or newer with venv and pip. `undefined` on a machine without
 * one, where the `*.engine.test.ts` files do not take part.
 */
export function enginePython() {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync(name, ["-c", PROBE], { encoding: "utf8" });
    if (status !== 0) continue;
    const [major, minor] = stdout.trim().split(".").map(Number);
    if (major > 3 || (major === 3 && minor >= 11)) return name;
  }
  return undefined;
}
