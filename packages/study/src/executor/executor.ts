import type { Resolution } from "@lem/config";
import type { ExperimentResult, LemError } from "@lem/domain";
import type { FailureNote } from "../manifest/manifest.ts";
import type { Rest } from "../rest/rest.ts";

/** One run as it is given to an executor: all of it can be written to a file and run elsewhere. */
export interface ExperimentJob {
  /** The same for the same run and attempt, so that a scheduler can be asked for it by name. */
  readonly name: string;
  /** The study folder. */
  readonly study: string;
  readonly at: { readonly id: string; readonly cycle: number; readonly rank: number };
  readonly resolution: Resolution;
  /** Seconds that it may take; null: no limit of its own. */
  readonly timeout_s: number | null;
  /** True: the run that comes next could be served by the same load; the executor may leave the engine loaded for it. */
  readonly keep_loaded: boolean;
  /** The command that repeats the study, for the record. */
  readonly command: readonly string[];
}

/** A job that was taken: what the executor needs to find it again, as text. */
export type JobHandle = string;

/** How a job ended. */
export interface JobEnd {
  readonly status: "completed" | "failed" | "interrupted";
  /** True when its result lies in the study folder. */
  readonly stored: boolean;
  readonly failure?: FailureNote;
}

/**
 * Where experiments run: this machine, or a scheduler's. Study and executor share nothing but the study folder; an
 * executor keeps two jobs that measure the same device apart.
 */
export interface Executor {
  readonly name: string;
  /**
   * Says what refuses an experiment before anything is written.
   * @throws LemError `engine.*`, `model.*`, `workload.*`, `energy.trace`
   */
  refuse(resolution: Resolution): Promise<void>;
  /** Gets ready for a study: takes what only one study may have at a time. @throws LemError `io.*`, `run.interrupted` */
  open(): Promise<void>;
  /** Takes a job. @throws LemError when it cannot be taken at all; a job that fails later says so in its end */
  submit(job: ExperimentJob): Promise<JobHandle>;
  /** Waits for the end of a job. Never rejects for the job's own failure. */
  wait(handle: JobHandle): Promise<JobEnd>;
  /** Ends a job for a reason: `run.interrupted`, `run.timeout`. It still has an end, which `wait` gives. */
  cancel(handle: JobHandle, reason: LemError): Promise<void>;
  /**
   * Brings the result of a run into the study folder and reads it; undefined when there is none, as after the death of
   * the process that measured. Needs no handle: it is asked after a resumed study lost them.
   */
  collect(job: Pick<ExperimentJob, "study" | "at">): Promise<ExperimentResult | undefined>;
  /** Lets the devices rest before the next job; aborting ends it. */
  rest(rest: Rest, signal: AbortSignal): Promise<void>;
  /** Gives back what {@link Executor.open} took; may be called twice. */
  close(): Promise<void>;
}
