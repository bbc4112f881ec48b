import type { ExecutionSettings } from "@lem/config";
import type { EngineId, ErrorCode, Phase } from "@lem/domain";

/** Version of `study.json`. */
export const MANIFEST_SCHEMA_VERSION = 2;

/** The states of one run. */
export const ENTRY_STATUSES = [
  "pending",
  "running",
  "completed",
  "failed",
  "interrupted",
  "skipped",
  "unneeded",
] as const;
/**
 * The state of one run; `skipped` was given up by the study, `interrupted` by the user, `unneeded` is a cycle beyond those
 * that made its experiment precise enough.
 */
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

/** The state of a study; `stopped` ended by itself before every run had its turn. */
export type StudyStatus = "running" | "completed" | "failed" | "interrupted" | "stopped";

/** Why a run or a study did not end well, in short; a stored result has the whole record. */
export interface FailureNote {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly phase?: Phase;
}

/** One run of a study: an experiment in a cycle. */
export interface ManifestEntry {
  readonly experiment_id: string;
  /** From 1. */
  readonly cycle: number;
  readonly status: EntryStatus;
  /** How often it was started. */
  readonly attempts: number;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Path of its raw result, relative to the study folder; null while there is none. */
  readonly result: string | null;
  readonly failure?: FailureNote;
}

/** An experiment of a study, in short. */
export interface ManifestExperiment {
  readonly id: string;
  /** Null in studies of older versions, whose results say it. */
  readonly engine: EngineId | null;
  /** Its axis values in short. */
  readonly label: string;
}

/** What a study was made from, so that it can be resumed without naming it again. */
export interface StudySource {
  /** Path of the file, relative to the study folder; null when flags alone made it. */
  readonly file: string | null;
  readonly engine?: string;
  readonly model?: string;
  readonly set: readonly string[];
}

/** What does not change while a study runs. */
export interface ManifestHead {
  readonly name: string;
  readonly started_at: string;
  /** The command that repeats the study. */
  readonly command: readonly string[];
  readonly source: StudySource | null;
  /** Hash over what runs, in which order and how: a study is resumed only while it is the same. */
  readonly identity: string | null;
  readonly execution: ExecutionSettings | null;
  readonly experiments: readonly ManifestExperiment[];
  /** Runs with a result that the study no longer has, since it was resumed with other settings. */
  readonly retired: readonly ManifestEntry[];
}

/** What changes while a study runs, besides its entries. */
export interface StudyState {
  readonly status: StudyStatus;
  /** Why it ended before its time; null otherwise. */
  readonly reason: FailureNote | null;
  readonly finished_at: string | null;
  /** The process that runs it, or did last. */
  readonly pid: number | null;
  readonly lem_version: string;
  /** Transitions so far: those of the journal up to this number are contained. */
  readonly transitions: number;
}

/** `study.json`: what a study folder holds and how far it came. A single run is a study of one. */
export interface StudyManifest extends ManifestHead, StudyState {
  readonly schema_version: typeof MANIFEST_SCHEMA_VERSION;
  /** In the order in which they run. */
  readonly entries: readonly ManifestEntry[];
}

/** How many runs are in each state. */
export type EntryCounts = Readonly<Record<EntryStatus, number>>;

/** Counts runs by their state. */
export function countEntries(entries: Iterable<{ readonly status: EntryStatus }>): EntryCounts {
  const counts = Object.fromEntries(ENTRY_STATUSES.map((status) => [status, 0])) as Record<EntryStatus, number>;
  for (const { status } of entries) counts[status] += 1;
  return counts;
}
