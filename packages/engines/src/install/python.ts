import { LemError } from "@lem/domain";
import type { Env } from "../paths.ts";
import { runCommand, toolEnvironment } from "../runners/command.ts";

/** A Python that can make virtual environments. */
export interface PythonFound {
  readonly file: string;
  readonly version: string;
  /** True when it can put pip into a virtual environment itself; else its own pip installs into one from outside. */
  readonly ensurepip: boolean;
}

/** What `findPython` looks at. */
export interface PythonSearch {
  readonly env: Env;
  /** Oldest version that will do: `3.11`; default {@link MIN_PYTHON}. */
  readonly minimum?: string;
  /** A program to use instead of searching. */
  readonly python?: string;
  readonly signal?: AbortSignal;
}

/** Oldest Python that any engine supports. */
export const MIN_PYTHON = "3.10";

const NAMES = ["python3.12", "python3.11", "python3.13", "python3.10", "python3.14", "python3", "python"];
/** pip learned `--python` in 22.3. */
const MIN_OUTSIDE_PIP = [22, 3] as const;

const PROBE = `
import importlib.util as u, json, sys
has = lambda name: u.find_spec(name) is not None
pip = None
if has("pip"):
    import pip as p
    pip = p.__version__
print(json.dumps({"file": sys.executable, "version": list(sys.version_info[:3]), "venv": has("venv"), "ensurepip": has("ensurepip"), "pip": pip}))
`;

interface Probe {
  readonly file: string;
  readonly version: readonly [number, number, number];
  readonly venv: boolean;
  readonly ensurepip: boolean;
  readonly pip: string | null;
}

/**
 * Finds a Python that is new enough and can make virtual environments with pip, under its usual names on `PATH`.
 * @throws LemError `engine.python-missing` with what was found instead and what to install
 */
export async function findPython(search: PythonSearch): Promise<PythonFound> {
  const rejected: string[] = [];
  const minimum = search.minimum ?? MIN_PYTHON;
  for (const name of search.python === undefined ? NAMES : [search.python]) {
    const probe = await probePython(name, search);
    if (probe === undefined) continue;
    const trouble = troubleWith(probe, minimum);
    if (trouble === undefined)
      return { file: probe.file, version: probe.version.join("."), ensurepip: probe.ensurepip };
    rejected.push(`${name} is ${probe.version.join(".")}${trouble}`);
  }
  throw missing(search.python, minimum, rejected);
}

async function probePython(name: string, { env, signal }: PythonSearch): Promise<Probe | undefined> {
  try {
    const args = ["-I", "-c", PROBE];
    const outcome = await runCommand({
      file: name,
      args,
      env: toolEnvironment(env),
      ...(signal === undefined ? {} : { signal }),
    });
    return outcome.exitCode === 0 ? (JSON.parse(outcome.stdout) as Probe) : undefined;
  } catch (error) {
    if (error instanceof LemError && error.code === "run.interrupted") throw error;
    return undefined;
  }
}

function troubleWith(probe: Probe, minimum: string): string | undefined {
  const [major, minor] = probe.version;
  if (major !== 3 || minor < Number(minimum.split(".")[1])) return ", which is too old";
  if (!probe.venv) return ", without its module venv";
  if (!probe.ensurepip && !canInstallFromOutside(probe.pip)) return ", without ensurepip";
  return undefined;
}

function canInstallFromOutside(pip: string | null): boolean {
  const [major = 0, minor = 0] = (pip ?? "0").split(".").map(Number);
  return major > MIN_OUTSIDE_PIP[0] || (major === MIN_OUTSIDE_PIP[0] && minor >= MIN_OUTSIDE_PIP[1]);
}

function missing(asked: string | undefined, minimum: string, rejected: readonly string[]): LemError {
  const found = rejected.length === 0 ? "none was found" : rejected.join("; ");
  const what = asked === undefined ? "a Python that can make virtual environments" : `a usable Python at ${asked}`;
  const hint = rejected.some((text) => /venv|ensurepip/.test(text))
    ? "on Debian and Ubuntu: apt install python3-venv"
    : `install Python ${minimum} or newer (Debian and Ubuntu: apt install python3 python3-venv)`;
  return new LemError("engine.python-missing", `no ${minimum}+ ${what.replace(/^a /, "")}: ${found}`, {
    hint,
    context: { rejected },
  });
}
