import { resolve } from "node:path";
import type { LoadedExperiment, Resolution } from "@lem/config";
import type { ExitCode, ExperimentResult } from "@lem/domain";
import { lemPaths, loadAdapter } from "@lem/engines";
import { failureLines, summaryLines } from "@lem/report";
import { runExperiment, type ExperimentOutcome } from "@lem/study";
import type { RunFlags } from "../flags.ts";
import type { CliContext } from "../context.ts";
import type { CliIo } from "../io.ts";
import { loadFromFlags, reportProblems } from "../experiment-input.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";
import { shownPath } from "../shown-path.ts";

const EXIT_CODES: Readonly<Record<ExperimentResult["status"], ExitCode>> = {
  completed: 0,
  failed: 1,
  interrupted: 130,
};

/** `lem run`: checks, measures, stores, and shows one screen. */
export async function run(this: CliContext, flags: RunFlags, file?: string): Promise<void> {
  const { resolution, problems } = await loadForInstalled(this.io, flags, file);
  if (reportProblems(this.io, problems) || resolution === undefined) {
    if (flags.json) this.io.stdout.write(`${JSON.stringify({ ok: false, problems })}\n`);
    return this.finish(2);
  }
  const outcome = await measured(this, flags, resolution);
  if (flags.quiet) for (const line of failureLines(outcome.result)) this.io.stderr.write(`${line.trim()}\n`);
  this.io.stdout.write(outcomeText(outcome, flags, this.io.cwd));
  this.finish(EXIT_CODES[outcome.result.status]);
}

/** Checks against the parameters and rules of the version that will run, where it is not the one checked first. */
async function loadForInstalled(io: CliIo, flags: RunFlags, file: string | undefined): Promise<LoadedExperiment> {
  const loaded = await loadFromFlags(io, flags, file);
  if (loaded.engine === undefined) return loaded;
  const adapter = await loadAdapter(loaded.engine);
  const engine = await adapter.locate({ enginesDir: lemPaths(io.env).engines, env: io.env });
  if (engine.status !== "installed" || isCheckedFor(loaded.corpus, engine.version)) return loaded;
  return loadFromFlags(io, flags, file, engine.version);
}

/** True when no other parameters or rules would be applied to that version. */
const isCheckedFor = (corpus: LoadedExperiment["corpus"], version: string): boolean =>
  corpus !== undefined && [corpus, corpus.rules].every((used) => used.status === "missing" || used.version === version);

async function measured(context: CliContext, flags: RunFlags, resolution: Resolution): Promise<ExperimentOutcome> {
  const { io, argv } = context;
  const progress = openProgress(io, progressMode(io, flags));
  try {
    return await runExperiment(resolution, {
      resultsDir: resolve(io.cwd, flags.out ?? "results"),
      env: io.env,
      cwd: io.cwd,
      emit: progress.emit,
      signal: io.interrupted,
      command: ["lem", ...argv],
    });
  } finally {
    progress.close();
  }
}

function outcomeText({ folder, result }: ExperimentOutcome, flags: RunFlags, cwd: string): string {
  const path = shownPath(cwd, folder);
  if (flags.json) return `${JSON.stringify(result)}\n`;
  if (flags.quiet) return `${path}\n`;
  const screen = summaryLines(result, { verbose: flags.verbose });
  return `${screen.join("\n")}\n  ${path}  ·  lem results show ${path}\n`;
}
