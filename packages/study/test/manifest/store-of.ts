import { ManifestStore, type StoreOptions } from "../../src/manifest/store.ts";
import type { EntryTable } from "../../src/manifest/entry-table.ts";
import type { ManifestHead, StudyState } from "../../src/manifest/manifest.ts";

/** What a study of some experiments begins with. */
export const headOf = (ids: readonly string[]): ManifestHead => ({
  name: "study",
  started_at: "2026-11-22T09:00:00.000Z",
  command: ["lem", "run", "study.yaml"],
  source: { file: "../../study.yaml", set: [] },
  identity: "0",
  execution: null,
  experiments: [...new Set(ids)].map((id) => ({ id, engine: "llama-cpp", label: `n=${id}` })),
  retired: [],
});

/** The state of a study that nobody has begun. */
export const NOT_BEGUN: StudyState = {
  status: "running",
  reason: null,
  finished_at: null,
  pid: null,
  lem_version: "0",
  transitions: 0,
};

/** What {@link storeOf} may be told. */
export interface StoreOf extends StoreOptions {
  readonly study?: StudyState;
  readonly entries?: EntryTable;
}

/** A store over experiments that run once each. */
export function storeOf(folder: string, ids: readonly string[], options: StoreOf = {}): ManifestStore {
  const { study = NOT_BEGUN, entries, ...rest } = options;
  const names = { length: ids.length, at: (slot: number) => ({ experiment_id: ids[slot] ?? "", cycle: 1 }) };
  const runs = { names, ...(entries !== undefined && { entries }) };
  return new ManifestStore({ folder, head: headOf(ids), study }, runs, rest);
}
