import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
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

/** True where this user may make files immutable, which is what a read-only folder is to root. */
export function mayFreezeFiles() {
  const folder = mkdtempSync(join(tmpdir(), "lem-freeze-"));
  const frozen = spawnSync("chattr", ["+i", folder]).status === 0;
  if (frozen) spawnSync("chattr", ["-i", folder]);
  rmSync(folder, { recursive: true });
  return frozen;
}

/** True where a test may start a docker daemon of its own, and has what makes a small system for it. */
export function mayStartDocker() {
  const there = ["docker", "dockerd", "debootstrap"].every((file) => spawnSync(file, ["--version"]).status === 0);
  return there && process.getuid?.() === 0 && mayMount();
}

/** True where `lem engines install` made an environment of an engine, or somebody by hand. */
export function hasEngine(engine) {
  const cache = process.env.LEM_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lem");
  const folder = join(cache, "engines");
  return (
    existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(`${engine}-`) && name.endsWith("-cpu"))
  );
}
