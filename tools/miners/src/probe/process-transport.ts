import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPiped } from "@lem/engines/piped-process";
import { writeSetup, type ProbeSetup } from "./setup.ts";
import type { ProbeTransport } from "./transport.ts";

/** The folder of the Python probe. */
export const PROBE_FOLDER: string = join(import.meta.dirname, "../../probe");

/** Where a probe runs as a process of this machine. */
export interface ProcessTransportOptions {
  /** An interpreter that can import the engine. */
  readonly python: string;
  /** Variables that the engine needs, besides the usual ones of a machine without network and GPU. */
  readonly env?: Readonly<Record<string, string>>;
  /** What this machine lacks. */
  readonly setup?: ProbeSetup | undefined;
}

/** Variables of every probe: nothing is fetched, no device is used, and sets have the same order in every run. */
export const PROBE_ENVIRONMENT: Readonly<Record<string, string>> = {
  CUDA_VISIBLE_DEVICES: "",
  HF_HUB_OFFLINE: "1",
  LANG: "C.UTF-8",
  OMP_NUM_THREADS: "1",
  PYTHONHASHSEED: "0",
  PYTHONUTF8: "1",
};

/** No byte code is written, no user's site-packages are read. */
export const PYTHON_FLAGS: readonly string[] = ["-B", "-s"];

/**
 * Runs the probe as a process, with an empty home of its own that is removed at the end. A container keeps an engine
 * away from this machine's files; a process does not.
 */
export function processTransport(options: ProcessTransportOptions): ProbeTransport {
  const start: ProbeTransport["start"] = async () => {
    const home = await mkdtemp(join(tmpdir(), "lem-probe-"));
    const setup = await writeSetup(home, options.setup);
    return startPiped({
      what: "the probe",
      file: options.python,
      args: [...PYTHON_FLAGS, PROBE_FOLDER, ...setup],
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home, TMPDIR: home, ...PROBE_ENVIRONMENT, ...options.env },
      cwd: home,
      hint: "install the engine, or name another interpreter",
      cleanUp: () => rm(home, { recursive: true, force: true }),
    });
  };
  return { start };
}
