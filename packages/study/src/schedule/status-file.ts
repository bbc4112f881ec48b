import { readFile } from "node:fs/promises";
import { LemError } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { tryFileLock, type FileLock } from "@lem/engines/host";
import { z } from "zod";
import type { StudyOutcome } from "../study/options.ts";

/** Version of the status file. */
const SCHEDULE_SCHEMA_VERSION = 1;

/** Starts that are remembered. */
const KEPT_RUNS = 1000;

/** One start of the study. */
export interface ScheduledRun {
  /** The moment of the schedule. */
  readonly due: string;
  readonly started_at: string;
  readonly finished_at?: string;
  /** `refused`: nothing could be started. */
  readonly status: "running" | "refused" | StudyOutcome["status"];
  /** The study folder; null while, or where, there is none. */
  readonly folder: string | null;
  readonly detail?: string;
}

/** How a schedule stands, as its status file says. */
export interface ScheduleStatus {
  readonly schema_version: typeof SCHEDULE_SCHEMA_VERSION;
  readonly name: string;
  /** The process that keeps the schedule, or did last. */
  readonly pid: number;
  readonly state: "waiting" | "running" | "ended";
  /** The next moment; null while it runs and when none is to come. */
  readonly next: string | null;
  readonly window_s: number | null;
  /** Moments that passed while the study ran, or the machine slept. */
  readonly missed: number;
  /** Starts, the oldest first; of an earlier process too. */
  readonly runs: readonly ScheduledRun[];
  readonly updated_at: string;
}

/** The status file of a schedule that this process keeps. */
export interface StatusFile {
  readonly status: ScheduleStatus;
  /** Changes what it says; a run with the moment of the last one takes its place. @throws LemError `io.*` */
  write(change: Partial<Pick<ScheduleStatus, "state" | "next" | "missed">>, run?: ScheduledRun): Promise<void>;
  close(): Promise<void>;
}

const kept: z.ZodType<Pick<ScheduleStatus, "runs">> = z.object({
  runs: z.array(
    z.object({
      due: z.string(),
      started_at: z.string(),
      finished_at: z.string().exactOptional(),
      status: z.enum(["running", "refused", "completed", "failed", "interrupted", "stopped"]),
      folder: z.string().nullable(),
      detail: z.string().exactOptional(),
    }),
  ),
});

/** Opens the status file and keeps what an earlier process wrote of its starts. @throws LemError `study.locked`, `io.*` */
export async function openStatusFile(
  path: string,
  about: Pick<ScheduleStatus, "name" | "window_s">,
): Promise<StatusFile> {
  const lock = await lockFor(path);
  return new LockedStatusFile(path, lock, {
    schema_version: SCHEDULE_SCHEMA_VERSION,
    ...about,
    pid: process.pid,
    state: "waiting",
    next: null,
    missed: 0,
    runs: await earlierRuns(path),
    updated_at: new Date().toISOString(),
  });
}

class LockedStatusFile implements StatusFile {
  readonly #path: string;
  readonly #lock: FileLock | undefined;
  status: ScheduleStatus;

  constructor(path: string, lock: FileLock | undefined, status: ScheduleStatus) {
    this.#path = path;
    this.#lock = lock;
    this.status = status;
  }

  async write(change: Partial<ScheduleStatus>, run?: ScheduledRun): Promise<void> {
    const others = this.status.runs.filter(({ due }) => due !== run?.due);
    const runs = run === undefined ? others : [...others, run].slice(-KEPT_RUNS);
    this.status = { ...this.status, ...change, runs, updated_at: new Date().toISOString() };
    await writeFileAtomic(this.#path, `${JSON.stringify(this.status, null, 2)}\n`);
  }

  async close(): Promise<void> {
    await this.#lock?.release();
  }
}

async function lockFor(path: string): Promise<FileLock | undefined> {
  const attempt = await tryFileLock(`${path}.lock`);
  if (attempt.status === "unsupported") return undefined;
  if (attempt.status === "held") return attempt.lock;
  throw new LemError("study.locked", `another process keeps the schedule ${path}`, {
    hint: "end it first, or give this one a file of its own with --status",
  });
}

/** A file that is damaged is written anew: it is a report, no result. A start that was running died with its process. */
async function earlierRuns(path: string): Promise<readonly ScheduledRun[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    const { runs } = kept.parse(JSON.parse(text));
    return runs.map((run) => (run.status === "running" ? { ...run, status: "interrupted" as const } : run));
  } catch {
    return [];
  }
}
