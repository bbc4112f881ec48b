import { resolve } from "node:path";
import { LemError, type ExitCode, type ExperimentResult } from "@lem/domain";
import { failureLines, summaryLines } from "@lem/report";
import { runStudy, type RunStudyOptions, type StudyOutcome } from "@lem/study";
import type { StudyPlan } from "@lem/study/plan";
import type { RunFlags } from "../flags.ts";
import type { CliContext } from "../context.ts";
import { reportProblems } from "../experiment-input.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";
import { shownPath } from "../shown-path.ts";
import { planForInstalled, sourceOf } from "../study-input.ts";
import { outcomeLines } from "../study-text.ts";
import { findStudyToResume, type StudyToResume } from "../study-to-resume.ts";

/** `lem run`: checks, measures, stores, and shows one screen; a study gives every point its turn. */
export async function run(this: CliContext, flags: RunFlags, file?: string): Promise<void> {
  if (flags.adopt && !flags.resume)
    throw new LemError("cli.usage", "--adopt says how to go on with a study, so it needs --resume");
  const resumed = flags.resume ? await findStudyToResume(this.io.cwd, flags, file) : undefined;
  const wanted = resumed ?? { flags, file };
  const { plan, problems } = await planForInstalled(this.io, wanted.flags, wanted.file);
  if (reportProblems(this.io, problems) || plan === undefined) {
    if (flags.json) this.io.stdout.write(`${JSON.stringify({ ok: false, problems })}\n`);
    return this.finish(2);
  }
  const { outcome, result } = await measured(this, plan, { ...wanted, resumed });
  const single = plan.runs.length === 1 && plan.execution.cycles === 1 ? result : undefined;
  showOutcome(this, { outcome, flags }, single);
  this.finish(exitCodeOf(outcome));
}

interface Wanted {
  readonly flags: RunFlags;
  readonly file: string | undefined;
  readonly resumed: StudyToResume | undefined;
}

interface Measured {
  readonly outcome: StudyOutcome;
  /** The last result of this process. */
  readonly result: ExperimentResult | undefined;
}

async function measured({ io, argv }: CliContext, plan: StudyPlan, wanted: Wanted): Promise<Measured> {
  const { flags, file, resumed } = wanted;
  const progress = openProgress(io, progressMode(io, flags));
  let result: ExperimentResult | undefined;
  const options: RunStudyOptions = {
    resultsDir: resolve(io.cwd, flags.out ?? "results"),
    env: io.env,
    cwd: io.cwd,
    emit: progress.emit,
    signal: io.interrupted,
    command: ["lem", ...argv],
    source: sourceOf(io.cwd, flags, file),
    onResult: (own) => (result = own),
    ...(resumed !== undefined && { resume: { folder: resumed.folder, adopt: flags.adopt } }),
  };
  try {
    const outcome = await runStudy(plan, options);
    return { outcome, result };
  } finally {
    progress.close();
  }
}

function exitCodeOf({ status }: StudyOutcome): ExitCode {
  if (status === "completed") return 0;
  return status === "interrupted" ? 130 : 1;
}

/** A single experiment shows its result, a study how far it came. */
function showOutcome(
  { io }: CliContext,
  { outcome, flags }: { readonly outcome: StudyOutcome; readonly flags: RunFlags },
  single: ExperimentResult | undefined,
): void {
  const path = shownPath(io.cwd, outcome.folder);
  const failed = single === undefined ? outcomeLines(outcome) : failureLines(single);
  if (flags.json) io.stdout.write(`${JSON.stringify(single ?? outcome)}\n`);
  if (flags.quiet) {
    for (const line of outcome.status === "completed" ? [] : failed) io.stderr.write(`${line.trim()}\n`);
    io.stdout.write(`${path}\n`);
  }
  if (flags.json || flags.quiet) return;
  const screen = single === undefined ? failed : summaryLines(single, { verbose: flags.verbose });
  io.stdout.write(`${screen.join("\n")}\n  ${path}  ·  lem results show ${path}\n`);
}
