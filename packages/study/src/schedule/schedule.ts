import { setTimeout as sleep } from "node:timers/promises";
import { isLemError, LemError, type Emit } from "@lem/domain";
import type { StudyOutcome } from "../study/options.ts";
import { openStatusFile, type ScheduledRun, type ScheduleStatus, type StatusFile } from "./status-file.ts";
import type { Timetable } from "./timetable.ts";

/** What a schedule works with. */
export interface ScheduleOptions {
  /** Name of the study. */
  readonly name: string;
  readonly timetable: Timetable;
  /** Seconds from each moment on in which the study may run; null: until it ends. */
  readonly window_s: number | null;
  /** Starts after which the schedule ends; null: when the timetable does. */
  readonly times: number | null;
  /** Where it says how it stands. */
  readonly statusFile: string;
  /** Runs the study; goes on with the one in `resume` if that is given. */
  readonly start: (run: { readonly resume: string | undefined; readonly signal: AbortSignal }) => Promise<StudyOutcome>;
  readonly emit: Emit;
  /** Aborting ends a running study in order, and the schedule. */
  readonly signal: AbortSignal;
  /** Seconds between two looks at the clock, which may be set or have slept. */
  readonly look_s?: number;
}

/**
 * Runs a study at each moment of a timetable: a new one each time, or, within windows, one that each window goes on with
 * until it is complete. A moment that comes while the study still runs is counted as missed, not made up for.
 * @returns how it stood in the end
 * @throws LemError `study.schedule` when no moment is to come, `study.locked` when another process keeps this schedule
 */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleStatus> {
  if (options.timetable.next(new Date()) === null)
    throw new LemError("study.schedule", "every moment of the schedule is over");
  const file = await openStatusFile(options.statusFile, { name: options.name, window_s: options.window_s });
  try {
    await new Schedule(options, file).run();
    await file.write({ state: "ended", next: null });
    return file.status;
  } finally {
    await file.close();
  }
}

class Schedule {
  readonly #options: ScheduleOptions;
  readonly #file: StatusFile;
  #starts = 0;
  #missed = 0;
  #resume: string | undefined;

  constructor(options: ScheduleOptions, file: StatusFile) {
    this.#options = options;
    this.#file = file;
  }

  async run(): Promise<void> {
    const { timetable, times, signal } = this.#options;
    let due = timetable.next(new Date());
    while (due !== null && !signal.aborted && (times === null || this.#starts < times)) {
      await this.#waitFor(due);
      if (signal.aborted) return;
      if (this.#isOver(due)) this.#missed += 1;
      else if (await this.#runAt(due)) return;
      due = this.#nextAfter(due);
    }
  }

  async #waitFor(due: Date): Promise<void> {
    const { emit, signal, look_s = 20 } = this.#options;
    await this.#file.write({ state: "waiting", next: due.toISOString(), missed: this.#missed });
    const left = (): number => due.getTime() - Date.now();
    const seconds = Math.max(0, Math.ceil(left() / 1000));
    emit({ type: "waiting", reason: "schedule", detail: `the study is due at ${due.toISOString()}`, seconds });
    while (left() > 0 && !signal.aborted) await pause(Math.min(left(), look_s * 1000), signal);
  }

  /** Whether the window of a moment has passed, as when the machine slept. */
  #isOver(due: Date): boolean {
    const { window_s } = this.#options;
    return window_s !== null && Date.now() >= due.getTime() + window_s * 1000;
  }

  /** One start. @returns true when nothing is left to do */
  async #runAt(due: Date): Promise<boolean> {
    const { window_s, signal, look_s = 20 } = this.#options;
    this.#starts += 1;
    const window = new AbortController();
    const clock = setInterval(() => this.#isOver(due) && window.abort(), Math.min(look_s, 1) * 1000);
    const run = { due: due.toISOString(), started_at: new Date().toISOString() };
    await this.#file.write(
      { state: "running", next: null },
      { ...run, status: "running", folder: this.#resume ?? null },
    );
    try {
      const ended = await this.#started(AbortSignal.any([signal, window.signal]));
      this.#resume = ended.status === "interrupted" && ended.folder !== null ? ended.folder : undefined;
      await this.#file.write({}, { ...run, finished_at: new Date().toISOString(), ...ended });
      return window_s !== null && (ended.status === "completed" || ended.status === "failed");
    } finally {
      clearInterval(clock);
    }
  }

  async #started(signal: AbortSignal): Promise<Pick<ScheduledRun, "status" | "folder" | "detail">> {
    const resume = this.#options.window_s === null ? undefined : this.#resume;
    try {
      const { status, folder, reason } = await this.#options.start({ resume, signal });
      return { status, folder, ...(reason !== null && { detail: reason.message }) };
    } catch (error) {
      if (!isLemError(error)) throw error;
      const status = error.code === "run.interrupted" ? "interrupted" : "refused";
      return { status, folder: resume ?? null, detail: `${error.message} (${error.code})` };
    }
  }

  /** The next moment that is not over; those that passed meanwhile are missed. */
  #nextAfter(due: Date): Date | null {
    const { timetable } = this.#options;
    let next = timetable.next(due);
    for (; next !== null && next.getTime() <= Date.now(); next = timetable.next(next)) this.#missed += 1;
    return next;
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
