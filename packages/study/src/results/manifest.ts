import { relative } from "node:path";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { lemVersion } from "../version.ts";
import { manifestPath, rawResultPaths } from "./layout.ts";

/** Version of `study.json`. */
export const MANIFEST_SCHEMA_VERSION = 1;

/** One experiment in a study. */
export interface ManifestEntry {
  readonly experiment_id: string;
  readonly cycle: number;
  readonly status: "running" | "completed" | "failed" | "interrupted";
  /** Path of its result, relative to the study folder; null while there is none. */
  readonly result: string | null;
}

/** `study.json`: what a study folder holds and how far it came. A single run is a study of one. */
export interface StudyManifest {
  readonly schema_version: typeof MANIFEST_SCHEMA_VERSION;
  readonly lem_version: string;
  readonly name: string;
  readonly status: "running" | "completed" | "failed" | "interrupted";
  readonly started_at: string;
  readonly finished_at: string | null;
  /** The command that repeats the study. */
  readonly command: readonly string[];
  readonly entries: readonly ManifestEntry[];
}

/** Writes the manifest atomically. @throws LemError `io.disk-full`, `io.permission` */
const writeManifest = (study: string, manifest: StudyManifest): Promise<void> =>
  writeFileAtomic(manifestPath(study), `${JSON.stringify(manifest, null, 2)}\n`);

/** What a study of one is opened with. */
export interface ManifestStart {
  readonly name: string;
  /** Id of the experiment. */
  readonly id: string;
  readonly startedAt: Date;
  readonly command: readonly string[];
}

/** An open manifest on disk. */
export interface OpenManifest {
  /** States how the study ended. @throws LemError `io.disk-full` */
  finish(status: ManifestEntry["status"]): Promise<void>;
}

/** Writes the manifest of a study that begins; a process that dies leaves it `running`. @throws LemError `io.*` */
export async function openManifest(
  study: string,
  { name, id, startedAt, command }: ManifestStart,
): Promise<OpenManifest> {
  const entry: ManifestEntry = { experiment_id: id, cycle: 1, status: "running", result: null };
  const running: StudyManifest = {
    schema_version: MANIFEST_SCHEMA_VERSION,
    lem_version: lemVersion(),
    name,
    status: "running",
    started_at: startedAt.toISOString(),
    finished_at: null,
    command,
    entries: [entry],
  };
  await writeManifest(study, running);
  const result = relative(study, rawResultPaths(study, { id, cycle: 1, rank: 0 }).result);
  return {
    finish: (status) =>
      writeManifest(study, {
        ...running,
        status,
        finished_at: new Date().toISOString(),
        entries: [{ ...entry, status, result }],
      }),
  };
}
