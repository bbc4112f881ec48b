import { access, constants } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { EngineAdapter, EngineInstallation, LocateOptions, WorkerCommand } from "../adapter.ts";
import { scanEngines, venvPython, type InstalledEngine } from "../install/marker.ts";
import { readEngineVersions } from "../versions.ts";

const WORKER = fileURLToPath(new URL("./worker.py", import.meta.url));

/** The model's files are on this machine already, and a measured process asks nothing of the network. */
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

/** Hugging Face transformers on PyTorch, in a virtual environment that lem installs. */
export const transformersAdapter: EngineAdapter = {
  id: "transformers",
  title: "Hugging Face transformers",
  sections: ["load", "generation", "quantization", "tokenizer", "adapter", "compile"],
  formats: ["hf-folder", "gguf"],
  concurrent: false,
  locate,
};

async function locate({ enginesDir, version: wanted }: LocateOptions): Promise<EngineInstallation> {
  const { installed } = await scanEngines(enginesDir);
  const fitting = installed.filter(
    ({ engine, version }) => engine === "transformers" && (wanted === undefined || wanted === version),
  );
  const found = preferred(fitting);
  if (found === undefined)
    return missing(`transformers ${wanted ?? ""} is not installed in ${enginesDir}`.replace("  ", " "));
  const python = venvPython(found.where);
  if (!(await isExecutable(python))) return missing(`the Python of ${found.where} is gone`);
  const { version, variant, where } = found;
  return { status: "installed", version, variant, where, command: command(python) };
}

/** The current version before others, the newest of these; CUDA before processors, for who has it installed it. */
function preferred(candidates: readonly InstalledEngine[]): InstalledEngine | undefined {
  const { current, supported } = readEngineVersions("transformers");
  const rank = ({ version, variant }: InstalledEngine): number =>
    2 * (version === current ? supported.length : supported.indexOf(version)) + (variant === "cuda" ? 1 : 0);
  return candidates.toSorted((a, b) => rank(b) - rank(a))[0];
}

function missing(reason: string): EngineInstallation {
  return { status: "missing", reason, hint: "run: lem engines install transformers" };
}

function command(python: string): WorkerCommand {
  return { file: python, args: [WORKER], env: WORKER_ENV };
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
