import type { Emit, ExperimentResult } from "@lem/domain";
import type { Env } from "@lem/engines";
import type { Executor } from "../executor/executor.ts";
import type { EntryCounts, FailureNote, StudySource, StudyStatus } from "../manifest/manifest.ts";
import type { StoreOptions } from "../manifest/store.ts";

/** How experiments are run. */
export interface RunExperimentOptions {
  /** Folder in which a new study folder is made. */
  readonly resultsDir: string;
  /** Environment variables: HF_TOKEN, LEM_CACHE, PATH, ... */
  readonly env: Env;
  /** Folder that relative paths and the project start from. */
  readonly cwd: string;
  readonly emit?: Emit;
  /** Aborting ends the run in order: what was measured is stored and marked interrupted; before the start, it throws. */
  readonly signal?: AbortSignal;
  /** The command that repeats the run, for the record. */
  readonly command?: readonly string[];
}

/** How a study is run. */
export interface RunStudyOptions extends RunExperimentOptions {
  /** What the plan was made from, so that the study can be resumed; its file's path as this process sees it. */
  readonly source?: StudySource & { readonly text: string | null };
  /** Goes on with a study of the results folder instead of beginning one. */
  readonly resume?: {
    readonly folder: string;
    /** True: with other settings than it began with; what both have in common is kept. */
    readonly adopt: boolean;
  };
  /** Where experiments run; this machine unless told. */
  readonly executor?: Executor;
  /** Told of every result in this process, of one too that could not be stored. */
  readonly onResult?: (result: ExperimentResult) => void;
  readonly onStep?: StoreOptions["onStep"];
}

/** Failures of one kind. */
export interface FailureGroup {
  readonly engine: string;
  readonly note: FailureNote;
  readonly runs: number;
  /** Axis values of some of them. */
  readonly examples: readonly string[];
}

/** What a study left behind. */
export interface StudyOutcome {
  /** The study folder. */
  readonly folder: string;
  readonly status: Exclude<StudyStatus, "running">;
  /** Why it ended before every run had its turn; null otherwise. */
  readonly reason: FailureNote | null;
  readonly counts: EntryCounts;
  /** What went wrong, most frequent first. */
  readonly failures: readonly FailureGroup[];
}
