import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** True where this user may mount a small disk; many containers run as root and still refuse it. */
export function mayMount() {
  const folder = mkdtempSync(join(tmpdir(), "lem-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  if (mounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return mounted;
}
