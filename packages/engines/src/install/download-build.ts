import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromSystemError, LemError, type EngineId } from "@lem/domain";
import type { Env } from "../paths.ts";
import { readEngineVersions, type EngineVariant } from "../versions.ts";
import { nameDistribution } from "./distribution.ts";
import { venvPython } from "./marker.ts";
import { indexOptions } from "./packages.ts";
import { pipSteps, PLAIN, type PipStep } from "./pip-steps.ts";
import { findPython, MIN_PYTHON, type PythonFound } from "./python.ts";
import { runPythonStep } from "./python-step.ts";
import { chooseVariant, refuseUninstallable } from "./variant.ts";

/** A build that is fetched here and installed elsewhere. */
export interface DownloadOptions {
  readonly version: string;
  readonly variant: EngineVariant;
  /** An empty folder. */
  readonly folder: string;
  /** The Python that will install it, on a machine like this one: `3.11`. */
  readonly targetPython: string;
  /** Python to use here instead of the first suitable one on PATH. */
  readonly python?: string;
  readonly env: Env;
  /** Receives all output, appended. */
  readonly log: string;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What lies in the folder then, and how it is installed. */
export interface DownloadedBuild {
  /** Wheels of all that is needed, and of pip. */
  readonly wheels: string;
  /** Files to copy into the virtual environment. */
  readonly additions: string;
  /** The calls of pip that install it, in their order. */
  readonly steps: readonly PipStep[];
}

/**
 * Fetches an engine as wheels, through this machine's own package index and pip settings, so that a place without
 * network, such as a container's build, can install it.
 * @throws LemError `engine.unsupported`, `engine.python-missing`, `engine.install-failed`, `io.*`, `run.interrupted`
 */
export async function downloadBuild(engine: EngineId, options: DownloadOptions): Promise<DownloadedBuild> {
  const { version, variant, targetPython, signal } = options;
  const versions = readEngineVersions(engine);
  refuseUninstallable(engine, versions, version);
  const { build } = await chooseVariant(engine, versions, variant);
  refuseOlder(targetPython, build.python ?? MIN_PYTHON);
  const python = await findPython(options);
  const { wheels, additions } = await madeFolders(options.folder);
  const steps = pipSteps({ build, version });
  const common = [...platformOptions(python, targetPython), ...(await indexOptions(build, signal))];
  await withPip(python, options, async (pip) => {
    for (const { names, options: own } of [...steps, { names: ["pip"], options: ["--no-deps"] }])
      await pip(["download", ...PLAIN, "--dest", wheels, ...common, ...own, ...names]);
  });
  await nameDistribution({ folder: additions, build, version, variant }, { version: targetPython });
  return { wheels, additions, steps };
}

/** The pip of a virtual environment that is gone afterwards, or that of a Python which cannot put one there. */
async function withPip(
  python: PythonFound,
  options: DownloadOptions,
  use: (pip: (args: readonly string[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const run = (file: string, module: readonly string[]): Promise<void> =>
    runPythonStep({ ...options, python: file, module });
  if (!python.ensurepip) return use((args) => run(python.file, ["pip", ...args]));
  const scratch = await mkdtemp(join(tmpdir(), "lem-pip-"));
  try {
    await run(python.file, ["venv", scratch]);
    await use((args) => run(venvPython(scratch), ["pip", ...args]));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function madeFolders(folder: string): Promise<Pick<DownloadedBuild, "wheels" | "additions">> {
  try {
    const [wheels, additions] = [join(folder, "wheels"), join(folder, "additions")];
    await mkdir(wheels);
    await mkdir(additions);
    return { wheels, additions };
  } catch (error) {
    throw fromSystemError(error, `preparing ${folder}`);
  }
}

function refuseOlder(python: string, minimum: string): void {
  if (Number(python.split(".")[1]) >= Number(minimum.split(".")[1])) return;
  throw new LemError("engine.python-missing", `the engine needs Python ${minimum}, and there is ${python}`);
}

/** Wheels only: what is compiled would be for this machine's Python. */
function platformOptions({ version }: PythonFound, targetPython: string): readonly string[] {
  const wheelsOnly = "--only-binary=:all:";
  return version.startsWith(`${targetPython}.`) ? [wheelsOnly] : [wheelsOnly, "--python-version", targetPython];
}
