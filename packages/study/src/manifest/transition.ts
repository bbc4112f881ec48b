import { LemError } from "@lem/domain";
import type { EntryStatus, FailureNote, StudyState, StudyStatus } from "./manifest.ts";

/** What can happen to one run. */
export type EntryStep =
  | { readonly type: "start"; readonly at: string }
  | {
      readonly type: "finish";
      readonly at: string;
      readonly status: "completed" | "failed" | "interrupted";
      /** True when its raw result lies in the study folder. */
      readonly stored: boolean;
      readonly failure?: FailureNote;
    }
  | { readonly type: "skip"; readonly at: string; readonly failure: FailureNote }
  /** The cycles before it were precise enough. */
  | { readonly type: "unneed"; readonly at: string }
  /** It is to run again: a retry, a resumed study, or a run that was lost with its process. */
  | { readonly type: "reopen" };

/** What can happen to the study itself. */
export type StudyStep =
  | { readonly type: "begin"; readonly pid: number; readonly lem_version: string }
  | {
      readonly type: "end";
      readonly at: string;
      readonly status: Exclude<StudyStatus, "running">;
      readonly reason?: FailureNote;
    };

/** One change of a manifest; `slot` is the run's place in the order. */
export type Transition = (EntryStep & { readonly slot: number }) | StudyStep;

/** The state of one run. */
export interface EntryState {
  readonly status: EntryStatus;
  readonly attempts: number;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly stored: boolean;
  readonly failure?: FailureNote;
}

/** The state of a run that has not had its turn. */
export const PENDING: EntryState = {
  status: "pending",
  attempts: 0,
  started_at: null,
  finished_at: null,
  stored: false,
};

/** What may happen in which state: a completed run never changes again, and none is started twice. */
const ALLOWED: Readonly<Record<EntryStatus, readonly EntryStep["type"][]>> = {
  pending: ["start", "skip", "unneed"],
  running: ["finish", "reopen"],
  completed: [],
  failed: ["reopen"],
  interrupted: ["reopen"],
  skipped: ["reopen"],
  unneeded: [],
};

/** The state of a run after a step; pure. @throws LemError `internal.bug` for a step that its state does not allow */
export function nextEntry(entry: EntryState, step: EntryStep): EntryState {
  if (!ALLOWED[entry.status].includes(step.type))
    throw new LemError("internal.bug", `a run that is ${entry.status} cannot ${step.type}`);
  switch (step.type) {
    case "start":
      return { ...PENDING, status: "running", attempts: entry.attempts + 1, started_at: step.at };
    case "finish": {
      const { status, stored, failure, at } = step;
      return { ...entry, status, stored, finished_at: at, ...(failure !== undefined && { failure }) };
    }
    case "skip":
      return { ...entry, status: "skipped", finished_at: step.at, failure: step.failure };
    case "unneed":
      return { ...entry, status: "unneeded", finished_at: step.at };
    case "reopen":
      return { ...PENDING, attempts: entry.attempts };
  }
}

/** The state of a study after a step; pure. @throws LemError `internal.bug` when a study ends that does not run */
export function nextStudy(study: StudyState, step: StudyStep): StudyState {
  if (step.type === "begin") {
    const { pid, lem_version } = step;
    return { ...study, status: "running", reason: null, finished_at: null, pid, lem_version };
  }
  if (study.status !== "running") throw new LemError("internal.bug", `a study that is ${study.status} cannot end`);
  return { ...study, status: step.status, reason: step.reason ?? null, finished_at: step.at };
}
