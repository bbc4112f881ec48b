import { access, constants } from "node:fs/promises";
import type { EngineId } from "@lem/domain";
import type { EngineInstallation, LocateOptions } from "./adapter.ts";
import { scanEngines, venvPython, type InstalledEngine } from "./install/marker.ts";
import { readEngineVersions } from "./versions.ts";

/** What every Python worker runs with: the model's files are here already, and nothing is asked of the network. */
const WORKER_ENV: Readonly<Record<string, string>> = {
  DO_NOT_TRACK: "1",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  HF_HUB_OFFLINE: "1",
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONNOUSERSITE: "1",
  PYTHONUNBUFFERED: "1",
  TOKENIZERS_PARALLELISM: "false",
  TQDM_DISABLE: "1",
  TRANSFORMERS_OFFLINE: "1",
};

/** The worker of an engine that lives in a virtual environment of lem. */
export interface PythonWorker {
  readonly engine: EngineId;
  /** File that its Python runs. */
  readonly script: string;
  /** Added to what every Python worker runs with. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Finds an installed environment of the engine: the version asked for, else the current one, else the newest. */
export async function locatePythonEngine(
  worker: PythonWorker,
  { enginesDir, version: wanted }: LocateOptions,
): Promise<EngineInstallation> {
  const { engine, script, env = {} } = worker;
  const { installed } = await scanEngines(enginesDir);
  const fitting = installed.filter((one) => one.engine === engine && (wanted === undefined || wanted === one.version));
  const found = preferred(engine, fitting);
  if (found === undefined)
    return missing(engine, `${engine} ${wanted ?? ""} is not installed in ${enginesDir}`.replace("  ", " "));
  const python = venvPython(found.where);
  if (!(await isExecutable(python))) return missing(engine, `the Python of ${found.where} is gone`);
  const { version, variant, where } = found;
  const interpreter = { file: python, args: [], env: { ...WORKER_ENV, ...env } };
  const command = { ...interpreter, args: [script] };
  return { status: "installed", version, variant, where, command, converter: interpreter };
}

/** The current version before others, the newest of these; CUDA before processors, for who has it installed it. */
function preferred(engine: EngineId, candidates: readonly InstalledEngine[]): InstalledEngine | undefined {
  const { current, supported } = readEngineVersions(engine);
  const rank = ({ version, variant }: InstalledEngine): number =>
    2 * (version === current ? supported.length : supported.indexOf(version)) + (variant === "cuda" ? 1 : 0);
  return candidates.toSorted((a, b) => rank(b) - rank(a))[0];
}

function missing(engine: EngineId, reason: string): EngineInstallation {
  return { status: "missing", reason, hint: `run: lem engines install ${engine}` };
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
