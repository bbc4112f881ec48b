import { basename, extname, join, resolve } from "node:path";
import { LemError } from "@lem/domain";
import { readTimetable, runSchedule, runStudy, type RunStudyOptions, type ScheduleStatus } from "@lem/study";
import type { CliContext } from "../context.ts";
import { reportProblems } from "../experiment-input.ts";
import type { ScheduleFlags } from "../routes/flags.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";
import { shownPath } from "../shown-path.ts";
import { planForInstalled, sourceOf } from "../study-input.ts";

/** `lem schedule`: runs a study at given moments or in windows, until none is to come or it is told to end. */
export async function schedule(this: CliContext, flags: ScheduleFlags, file: string): Promise<void> {
  const { io, argv } = this;
  const timetable = readTimetable({ cron: flags.cron ?? null, at: flags.at ?? [], timezone: flags.timezone ?? null });
  const window_s = flags.for === undefined ? null : secondsOf(flags.for);
  const { plan, problems } = await planForInstalled(io, flags, file);
  if (reportProblems(io, problems) || plan === undefined) return this.finish(2);
  const resultsDir = resolve(io.cwd, flags.out ?? "results");
  const statusFile = resolve(
    io.cwd,
    flags.status ?? join(resultsDir, `schedule-${basename(file, extname(file))}.json`),
  );
  const began = new Date().toISOString();
  const progress = openProgress(io, progressMode(io, flags));
  const common = { resultsDir, env: io.env, cwd: io.cwd, emit: progress.emit, command: ["lem", ...argv] };
  const start = async (run: { readonly resume: string | undefined; readonly signal: AbortSignal }) => {
    const now = await planForInstalled(io, flags, file);
    if (now.plan === undefined)
      throw new LemError("config.conflict", now.problems[0]?.message ?? `${file} can no longer be run`);
    const options: RunStudyOptions = {
      ...common,
      source: sourceOf(io.cwd, flags, file),
      signal: run.signal,
      ...(run.resume !== undefined && { resume: { folder: run.resume, adopt: false } }),
    };
    return await runStudy(now.plan, options);
  };
  try {
    const limits = { window_s, times: flags.times ?? null };
    const about = { name: plan.name, timetable, ...limits, statusFile, start };
    const status = await runSchedule({ ...about, emit: progress.emit, signal: io.interrupted });
    showEnd(this, flags, { status, since: began, path: shownPath(io.cwd, statusFile) });
  } finally {
    progress.close();
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `8h`, `90m`, `30s`. */
function secondsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text);
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new LemError("cli.usage", `--for ${text} is no length of time`, { hint: "8h, 90m and 30s are" });
}

interface ScheduleEnd {
  readonly status: ScheduleStatus;
  /** Only starts from then on were this process's. */
  readonly since: string;
  readonly path: string;
}

/** A daemon that was told to end while it waited did nothing wrong. */
function showEnd(context: CliContext, flags: ScheduleFlags, { status, since, path }: ScheduleEnd): void {
  const { stdout, interrupted } = context.io;
  const runs = status.runs.filter(({ started_at }) => started_at >= since);
  if (runs.at(-1)?.status === "interrupted" && interrupted.aborted) context.finish(130);
  else if (runs.some((run) => run.status !== "completed" && run.status !== "interrupted")) context.finish(1);
  const lines = runs.map((run) => `  ${run.due}  ${run.status}  ${run.folder ?? run.detail ?? ""}`);
  const missed = status.missed === 0 ? "" : `, ${status.missed} moments missed`;
  const text = `${[`${status.name}: ${runs.length} starts${missed}`, ...lines, `  ${path}`].join("\n")}\n`;
  stdout.write(flags.json ? `${JSON.stringify(status)}\n` : text);
}
