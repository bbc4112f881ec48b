import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadExperiment, type LoadedExperiment, type LoadOptions, type Problem, type StudyOptions } from "@lem/config";
import { lemPaths } from "@lem/engines/paths";
import type { LoadedPlan } from "@lem/study/plan";
import type { ExperimentFlags } from "./routes/flags.ts";
import type { CliIo } from "./io.ts";
import { machineProfile } from "./machine-profile.ts";
import { problemCount, problemText } from "./render/problem.ts";

/** Loads an experiment from a file, flags and the user's defaults, with every problem found. */
export async function loadFromFlags(
  io: CliIo,
  flags: ExperimentFlags,
  file: string | undefined,
  engineVersion?: string,
): Promise<LoadedExperiment> {
  const version = engineVersion === undefined ? {} : { engineVersion };
  return loadExperiment({ ...(await inputOptions(io, flags, file)), ...version });
}

/** Plans a study, or a single experiment as one; `versions` are those of the engines that will run it, where known. */
export async function planFromFlags(
  io: CliIo,
  flags: ExperimentFlags,
  {
    file,
    ...more
  }: { readonly file: string | undefined } & Pick<StudyOptions, "engineVersion" | "versions" | "profile">,
): Promise<LoadedPlan> {
  const { planStudy } = await import("@lem/study/plan");
  return planStudy({ ...(await inputOptions(io, flags, file)), ...more });
}

async function inputOptions(io: CliIo, flags: ExperimentFlags, file: string | undefined): Promise<LoadOptions> {
  const { engine, model, set } = flags;
  return {
    cwd: io.cwd,
    userFile: lemPaths(io.env).userFile,
    corporaRoot: io.env["LEM_CORPORA"],
    profile: await machineProfile(),
    ...(file === undefined ? {} : { file }),
    flags: {
      ...(engine === undefined ? {} : { engine }),
      ...(model === undefined ? {} : { model }),
      set: set ?? [],
    },
  };
}

function sourceText(cwd: string): (file: string) => string | undefined {
  return (file) => {
    try {
      return readFileSync(resolve(cwd, file), "utf8");
    } catch {
      return undefined;
    }
  };
}

/** Prints problems to stderr, errors first; true when one of them refuses. */
export function reportProblems(io: CliIo, problems: readonly Problem[]): boolean {
  const source = sourceText(io.cwd);
  const ordered = problems.toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  for (const problem of ordered) io.stderr.write(`${problemText(problem, { source, color: io.color })}\n\n`);
  const refused = problems.some((problem) => problem.severity === "error");
  if (refused) io.stderr.write(`${problemCount(problems)}\n`);
  return refused;
}
