import {
  countEntries,
  type EntryCounts,
  type FailureNote,
  type ManifestEntry,
  type StudyManifest,
} from "../manifest/manifest.ts";
import { groupFailures } from "./failures.ts";
import type { FailureGroup } from "./options.ts";

/** A run that is at work. */
export interface RunningRun extends Pick<ManifestEntry, "experiment_id" | "cycle" | "attempts" | "started_at"> {
  readonly label: string;
}

/** How far a study came. */
export interface StudyReport {
  readonly folder: string;
  readonly name: string;
  /** As the manifest says; `died` when it says `running` and no process is there. */
  readonly state: StudyManifest["status"] | "died";
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly counts: EntryCounts;
  readonly running: readonly RunningRun[];
  readonly failures: readonly FailureGroup[];
  readonly reason: FailureNote | null;
  /** Mean length of the runs that completed; null before the first. */
  readonly run_seconds: number | null;
  /** Time for the runs that are to come, at that mean; null while nothing runs or nothing is known. */
  readonly eta_s: number | null;
}

/** Reads a manifest for a person or a program; pure. `alive` says whether a process works on the study. */
export function studyReport(folder: string, manifest: StudyManifest, alive: boolean): StudyReport {
  const { name, status, started_at, finished_at, entries, reason } = manifest;
  const counts = countEntries(entries);
  const state = status === "running" && !alive ? "died" : status;
  const known = new Map(manifest.experiments.map((experiment) => [experiment.id, experiment]));
  const labelOf = ({ experiment_id }: ManifestEntry): string => known.get(experiment_id)?.label ?? "";
  const run_seconds = meanSeconds(entries);
  const left = counts.pending + counts.running;
  return {
    folder,
    name,
    state,
    started_at,
    finished_at,
    counts,
    running: state === "running" ? runningIn(entries, labelOf) : [],
    failures: groupFailures(
      entries.flatMap((entry) => {
        const engine = known.get(entry.experiment_id)?.engine ?? "an engine";
        const isTold = entry.failure !== undefined && entry.status !== "interrupted";
        return isTold ? [{ engine, label: labelOf(entry), note: entry.failure }] : [];
      }),
    ),
    reason,
    run_seconds,
    eta_s: state === "running" && run_seconds !== null ? run_seconds * left : null,
  };
}

const runningIn = (
  entries: readonly ManifestEntry[],
  labelOf: (entry: ManifestEntry) => string,
): readonly RunningRun[] =>
  entries
    .filter(({ status }) => status === "running")
    .map((entry) => {
      const { experiment_id, cycle, attempts, started_at } = entry;
      return { experiment_id, cycle, attempts, started_at, label: labelOf(entry) };
    });

function meanSeconds(entries: readonly ManifestEntry[]): number | null {
  const lengths = entries.flatMap(({ status, started_at, finished_at }) =>
    status === "completed" && started_at !== null && finished_at !== null
      ? [(Date.parse(finished_at) - Date.parse(started_at)) / 1000]
      : [],
  );
  return lengths.length === 0 ? null : lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}
