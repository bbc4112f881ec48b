import { resolve } from "node:path";
import { LemError, type ExitCode, type ExperimentResult } from "@lem/domain";
import { failureLines, studyTableLines, summaryLines, type StudyRow } from "@lem/report";
import { aggregatePath, readResult, runStudy, type RunStudyOptions, type StudyOutcome } from "@lem/study";
import type { LoadedPlan, StudyPlan } from "@lem/study/plan";
import type { RunFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { reportProblems } from "../experiment-input.ts";
import type { CliIo } from "../io.ts";
import { leftOutLine } from "../render/plan.ts";
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
  const loaded = await planForInstalled(this.io, wanted.flags, wanted.file);
  const { plan, problems } = loaded;
  if (reportProblems(this.io, problems) || plan === undefined) {
    if (flags.json) this.io.stdout.write(`${JSON.stringify({ ok: false, problems })}\n`);
    return this.finish(2);
  }
  tellLeftOut(this.io, loaded, flags);
  const { outcome, result } = await measured(this, plan, { ...wanted, resumed });
  const single = plan.runs.length === 1 && plan.execution.cycles === 1 ? result : undefined;
  if (single === undefined) await showStudy(this, { outcome, flags }, plan);
  else showResult(this, { outcome, flags }, single);
  this.finish(exitCodeOf(outcome));
}

/** Says which points of a study do not run, before the others start. */
function tellLeftOut(io: CliIo, loaded: LoadedPlan, { json, quiet }: RunFlags): void {
  const line = leftOutLine(loaded);
  if (line !== undefined && !json && !quiet) io.stderr.write(`${line}\n`);
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

interface Shown {
  readonly outcome: StudyOutcome;
  readonly flags: RunFlags;
}

/** A single experiment shows its result. */
function showResult({ io }: CliContext, { outcome, flags }: Shown, result: ExperimentResult): void {
  const path = shownPath(io.cwd, outcome.folder);
  if (flags.quiet) {
    for (const line of failureLines(result)) io.stderr.write(`${line.trim()}\n`);
    io.stdout.write(`${path}\n`);
  } else if (flags.json) io.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const screen = summaryLines(result, { verbose: flags.verbose });
    io.stdout.write(`${screen.join("\n")}\n  ${path}  ·  lem results show ${path}\n`);
  }
}

/** A study shows how far it came, what failed, and a line for each experiment. */
async function showStudy({ io }: CliContext, { outcome, flags }: Shown, plan: StudyPlan): Promise<void> {
  const path = shownPath(io.cwd, outcome.folder);
  const lines = outcomeLines(outcome);
  if (flags.quiet) {
    if (outcome.status !== "completed") for (const line of lines) io.stderr.write(`${line.trim()}\n`);
    io.stdout.write(`${path}\n`);
  } else if (flags.json) io.stdout.write(`${JSON.stringify(outcome)}\n`);
  else {
    const table = await resultTable(outcome.folder, plan);
    io.stdout.write(`${[...table, ...lines].join("\n")}\n  ${path}  ·  lem results show ${path}\n`);
  }
}

/** Experiments that the screen has lines for; the others are counted. */
const TABLE_ROWS = 30;

async function resultTable(folder: string, { runs }: StudyPlan): Promise<readonly string[]> {
  const rows: StudyRow[] = [];
  for (const { id, label } of runs.slice(0, TABLE_ROWS)) {
    const result = await readResult(aggregatePath(folder, id)).catch(() => undefined);
    if (result !== undefined) rows.push({ label: label === "" ? id : label, result });
  }
  const more = runs.length > TABLE_ROWS ? [`… and ${runs.length - TABLE_ROWS} more`] : [];
  return rows.length === 0 ? [] : [...studyTableLines(rows), ...more, ""];
}
