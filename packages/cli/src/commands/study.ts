import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import { isStudyAlive, listStudies, readManifest, studyReport, type StudyReport } from "@lem/study";
import type { StudyFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { durationText } from "../duration-text.ts";
import { shownPath } from "../shown-path.ts";
import { countsText, failureGroupLines } from "../study-text.ts";

/** Milliseconds between two looks at a study that runs. */
const LOOK_MS = 1000;

/** `lem study status`: how far a study came, and what became of the process that ran it. */
export async function status(this: CliContext, flags: StudyFlags, path?: string): Promise<void> {
  const folder = await folderOf(this.io.cwd, flags, path);
  const report = await reportOf(folder);
  this.io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${reportLines(report, this.io.cwd).join("\n")}\n`);
}

/** `lem study watch`: the same whenever it changes, until the study ends. */
export async function watch(this: CliContext, flags: StudyFlags, path?: string): Promise<void> {
  const { io } = this;
  const folder = await folderOf(io.cwd, flags, path);
  for (let last = ""; !io.interrupted.aborted;) {
    const report = await reportOf(folder);
    const text = flags.json ? JSON.stringify(report) : changeText(report);
    if (text !== last) io.stdout.write(`${text}\n`);
    last = text;
    if (report.state !== "running") break;
    await sleep(LOOK_MS, undefined, { signal: io.interrupted }).catch(() => undefined);
  }
  if (!flags.json) io.stdout.write(`${reportLines(await reportOf(folder), io.cwd).join("\n")}\n`);
}

async function folderOf(cwd: string, { out }: StudyFlags, path: string | undefined): Promise<string> {
  if (path !== undefined) return resolve(cwd, path);
  const root = resolve(cwd, out ?? "results");
  const [newest] = await listStudies(root);
  if (newest !== undefined) return newest.folder;
  throw new LemError("results.not-found", `no studies in ${shownPath(cwd, root)}`, { hint: "start with: lem run" });
}

/** The lock is asked first: a study that ends between the two questions is not taken for one that died. */
async function reportOf(folder: string): Promise<StudyReport> {
  const alive = await isStudyAlive(folder);
  return studyReport(folder, await readManifest(folder), alive);
}

function reportLines(report: StudyReport, cwd: string): readonly string[] {
  const { name, state, counts, failures, reason, running, eta_s } = report;
  const now = running.map(({ label, experiment_id, cycle }) => `  now: ${label || experiment_id}, cycle ${cycle}`);
  const left = eta_s === null ? [] : [`  about ${durationText(eta_s)} left`];
  const why = reason === null ? [] : [`  ${reason.message}   ${reason.code}`];
  const goOn =
    state === "running" || state === "completed"
      ? []
      : [`  go on with: lem run ${shownPath(cwd, report.folder)} --resume`];
  const head = `${name} · ${STATE_WORDS[state]} · ${countsText(counts)}`;
  return [head, ...now, ...left, ...failureGroupLines(failures), ...why, ...goOn];
}

const STATE_WORDS: Readonly<Record<StudyReport["state"], string>> = {
  running: "running",
  completed: "completed",
  failed: "completed with failures",
  interrupted: "interrupted",
  stopped: "stopped by itself",
  died: "its process ended without a word",
};

function changeText({ counts, running, eta_s }: StudyReport): string {
  const now = running.map(({ label, experiment_id }) => `now ${label || experiment_id}`);
  const left = eta_s === null ? [] : [`about ${durationText(eta_s)} left`];
  return [countsText(counts), ...now, ...left].join(" · ");
}
