import { writeFileAtomic } from "@lem/engines";
import { manifestPath } from "./layout.ts";

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
export const writeManifest = (study: string, manifest: StudyManifest): Promise<void> =>
  writeFileAtomic(manifestPath(study), `${JSON.stringify(manifest, null, 2)}\n`);
