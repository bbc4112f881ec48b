import { relative, resolve } from "node:path";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import type { FileLock } from "@lem/engines/host";
import { lockStudy } from "../locks/study-lock.ts";
import type { EntryTable } from "../manifest/entry-table.ts";
import type { ManifestEntry, ManifestHead, StudySource, StudyState } from "../manifest/manifest.ts";
import { ManifestStore } from "../manifest/store.ts";
import type { StudyPlan } from "../plan/plan.ts";
import { createStudyFolder, sourceTextPath } from "../results/layout.ts";
import { lemVersion } from "../version.ts";
import type { RunStudyOptions } from "./options.ts";
import type { StudyRuns } from "./runs.ts";

/** A study that this process has for itself. */
export interface OpenStudy {
  readonly folder: string;
  readonly store: ManifestStore;
  /** The command that repeats the study: of a resumed one that with which it began. */
  readonly command: readonly string[];
  /** Ends the writing and lets others have it. */
  readonly close: () => Promise<void>;
}

/** What a study folder is opened for. */
export interface StudyAtHand {
  readonly plan: StudyPlan;
  readonly runs: StudyRuns;
  readonly options: RunStudyOptions;
}

/** Makes a new study folder with its manifest. @throws LemError `io.*` */
export async function createStudy({ plan, runs, options }: StudyAtHand): Promise<OpenStudy> {
  const now = new Date();
  const folder = await createStudyFolder(options.resultsDir, plan.name, now);
  const lock = await lockStudy(folder);
  const head = { ...headOf({ plan, runs, options }, folder), started_at: now.toISOString(), retired: [] };
  const study: StudyState = {
    status: "running",
    reason: null,
    finished_at: null,
    pid: null,
    lem_version: lemVersion(),
    transitions: 0,
  };
  const opened = { folder, head, study, lock };
  return await closedOnFailure(opened, () => begin(opened, { names: runs }, options));
}

/** What a locked folder is begun with. */
interface Opening {
  readonly folder: string;
  readonly head: ManifestHead;
  readonly study: StudyState;
  readonly lock: FileLock | undefined;
}

/** Writes the text that the study was made from and its manifest. */
export async function begin(
  { folder, head, study, lock }: Opening,
  runs: { readonly names: StudyRuns; readonly entries?: EntryTable },
  options: RunStudyOptions,
): Promise<OpenStudy> {
  const text = options.source?.text ?? null;
  if (text !== null) await writeFileAtomic(sourceTextPath(folder), text);
  const store = new ManifestStore({ folder, head, study }, runs, { onStep: options.onStep });
  await store.commit({ type: "begin", pid: process.pid, lem_version: lemVersion() });
  const close = async (): Promise<void> => {
    await store.close();
    await lock?.release();
  };
  return { folder, store, command: head.command, close };
}

/** The lock is not kept when a study cannot be begun. */
export async function closedOnFailure(
  { lock }: Pick<Opening, "lock">,
  work: () => Promise<OpenStudy>,
): Promise<OpenStudy> {
  return await work().catch(async (error: unknown) => {
    await lock?.release();
    throw error;
  });
}

/** What a plan says of a manifest. */
export function headOf(
  { plan, runs, options }: StudyAtHand,
  folder: string,
): Omit<ManifestHead, "started_at" | "retired"> {
  return {
    name: plan.name,
    command: options.command ?? [],
    source: sourceFrom(options, folder),
    identity: runs.identity,
    execution: plan.execution,
    experiments: plan.runs.map(({ id, engine, label }) => ({ id, engine, label })),
  };
}

/** The file's path from the study folder: both may be moved together. */
function sourceFrom({ source, cwd }: RunStudyOptions, folder: string): StudySource | null {
  if (source === undefined) return null;
  const { text: _, file, ...flags } = source;
  return { ...flags, file: file === null ? null : relative(folder, resolve(cwd, file)) };
}

/** Names a run among all of a study. */
export const runKey = ({ experiment_id, cycle }: Pick<ManifestEntry, "experiment_id" | "cycle">): string =>
  `${experiment_id} ${cycle}`;
