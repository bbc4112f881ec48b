import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError, LemError, type Emit, type EngineId } from "@lem/domain";
import { makeFolder } from "../make-folder.ts";
import type { Env } from "../paths.ts";
import { readEngineVersions, type EngineBuild, type EngineVariant } from "../versions.ts";
import { withLock } from "./lock.ts";
import {
  engineFolder,
  MARKER,
  readMarker,
  venvPython,
  writeMarker,
  type EngineMarker,
  type InstalledEngine,
} from "./marker.ts";
import { nameDistribution } from "./distribution.ts";
import { indexOptions, packageVersions } from "./packages.ts";
import { packageNames, pipSteps, PLAIN } from "./pip-steps.ts";
import { findPython, MIN_PYTHON, type PythonFound } from "./python.ts";
import { runPythonStep } from "./python-step.ts";
import { chooseVariant, refuseUninstallable, type WantedVariant } from "./variant.ts";

/** How an engine is installed. */
export interface InstallOptions {
  /** Folder that holds one folder per installation. */
  readonly enginesDir: string;
  readonly env: Env;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  /** Default `auto`: CUDA where an NVIDIA driver is present. */
  readonly variant?: WantedVariant;
  /** One of the supported versions; default the current one. */
  readonly version?: string;
  /** Python to use instead of the first suitable one on PATH. */
  readonly python?: string;
}

interface Plan extends InstallOptions {
  readonly engine: EngineId;
  readonly version: string;
  readonly variant: EngineVariant;
  readonly build: EngineBuild;
  readonly folder: string;
  readonly log: string;
}

/**
 * Installs a Python engine into a virtual environment of its own, or returns the installation that is there. Virtual
 * environments cannot be moved, so it is built in place: the marker file is written last, a folder without it is
 * built anew, and a failure or an interrupt removes the folder.
 * @throws LemError `engine.unsupported`, `engine.python-missing`, `engine.install-failed`, `io.disk-full`,
 *   `io.permission`, `run.interrupted`
 */
export async function installEngine(engine: EngineId, options: InstallOptions): Promise<InstalledEngine> {
  const plan = await planInstall(engine, options);
  const onWait = (pid: number): void => tell(plan, "waiting", `process ${pid} is installing it`);
  const waiting = { onWait, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  return withLock(`${plan.folder}.lock`, waiting, async () => {
    const present = await readMarker(plan.folder);
    if (present === undefined) return { ...(await buildOrRemove(plan)), where: plan.folder };
    tell(plan, "present", plan.folder);
    return { ...present, where: plan.folder };
  });
}

async function planInstall(engine: EngineId, options: InstallOptions): Promise<Plan> {
  const versions = readEngineVersions(engine);
  const version = options.version ?? versions.current;
  refuseUninstallable(engine, versions, version);
  const { variant, build } = await chooseVariant(engine, versions, options.variant ?? "auto");
  const folder = engineFolder(options.enginesDir, engine, version, variant);
  return { ...options, engine, version, variant, build, folder, log: `${folder}.log` };
}

async function buildOrRemove(plan: Plan): Promise<EngineMarker> {
  await removeFolder(plan.folder);
  await checkDisk(plan);
  const python = await findPython({ ...plan, minimum: plan.build.python ?? MIN_PYTHON });
  tell(plan, "python", `${python.version} at ${python.file}`);
  try {
    return await build(plan, python);
  } catch (error) {
    await removeFolder(plan.folder);
    throw error;
  }
}

async function build(plan: Plan, python: PythonFound): Promise<EngineMarker> {
  await rm(plan.log, { force: true });
  tell(plan, "environment", plan.folder);
  await step(plan, python.file, ["venv", ...(python.ensurepip ? [] : ["--without-pip"]), plan.folder]);
  await installPackages(plan, python);
  tell(plan, "check", "importing the engine");
  const packages = await packageVersions(plan, packageNames(plan));
  const installed_at = new Date().toISOString();
  const { engine, version, variant } = plan;
  const marker = {
    schema_version: 1,
    engine,
    version,
    variant,
    python: python.version,
    packages,
    installed_at,
  } as const;
  await writeMarker(plan.folder, marker);
  tell(plan, "installed", plan.folder);
  return marker;
}

async function installPackages(plan: Plan, python: PythonFound): Promise<void> {
  const pip = python.ensurepip ? ["pip"] : ["pip", "--python", venvPython(plan.folder)];
  const program = python.ensurepip ? venvPython(plan.folder) : python.file;
  const extra = await indexOptions(plan.build, plan.signal);
  for (const { names, options } of pipSteps(plan)) {
    tell(plan, "packages", names.join(" "));
    await step(plan, program, [...pip, "install", ...PLAIN, ...options, ...extra, ...names]);
  }
  await nameDistribution(plan, python);
}

function step(plan: Plan, python: string, module: readonly string[]): Promise<void> {
  const { env, log, signal } = plan;
  const onLine = (line: string): void => {
    const seen = /^(Collecting|Downloading|Installing collected packages)[:\s]\s*(.*)/.exec(line);
    if (seen !== null) tell(plan, (seen[1] ?? "").split(" ")[0]?.toLowerCase() ?? "", seen[2] ?? "");
  };
  return runPythonStep({ python, module, env, log, onLine, ...(signal === undefined ? {} : { signal }) });
}

async function checkDisk({ enginesDir, build, engine }: Plan): Promise<void> {
  try {
    await makeFolder(enginesDir);
    const { bavail, bsize } = await statfs(enginesDir);
    const free = bavail * bsize;
    const needed = (build.disk_gb ?? 0) * 1e9;
    if (free >= needed) return;
    throw new LemError(
      "io.disk-full",
      `${engine} takes ${build.disk_gb} GB, and ${enginesDir} has ${(free / 1e9).toFixed(1)} GB left`,
      {
        hint: "free some space, or choose another folder with LEM_CACHE",
        context: { free_b: free, needed_b: needed },
      },
    );
  } catch (error) {
    throw fromSystemError(error, `preparing ${enginesDir}`);
  }
}

async function removeFolder(folder: string): Promise<void> {
  // The marker goes first: what is left if this is interrupted does not count as installed.
  await rm(join(folder, MARKER), { force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

function tell({ emit, engine }: Plan, name: string, detail: string): void {
  emit({ type: "install-step", engine, step: name, detail });
}
