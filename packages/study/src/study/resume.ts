import { readFile } from "node:fs/promises";
import { LemError } from "@lem/domain";
import { clearTemporary } from "../executor/attempts.ts";
import { lockStudy } from "../locks/study-lock.ts";
import { EntryTable } from "../manifest/entry-table.ts";
import type { ManifestEntry, StudyManifest } from "../manifest/manifest.ts";
import { readManifest, stateOf } from "../manifest/read.ts";
import { sourceTextPath } from "../results/layout.ts";
import { changesOf } from "./changes.ts";
import { begin, closedOnFailure, headOf, runKey, type OpenStudy, type StudyAtHand } from "./open-study.ts";

/**
 * Opens a study that ended before its time, or whose process died, to go on with it.
 * @throws LemError `study.locked`, `study.changed` with the differences, `results.*`, `io.*`
 */
export async function resumeStudy(
  at: StudyAtHand,
  { folder, adopt }: { readonly folder: string; readonly adopt: boolean },
): Promise<OpenStudy> {
  const lock = await lockStudy(folder);
  return await closedOnFailure({ lock }, async () => {
    const manifest = await readManifest(folder);
    if (manifest.identity !== at.runs.identity && !adopt) throw await changedError(manifest, at, folder);
    await clearTemporary(folder);
    const { entries, retired } = adopted(manifest, at);
    const { started_at, command, status, reason, finished_at, pid, lem_version, transitions } = manifest;
    const head = { ...headOf(at, folder), started_at, command, retired };
    const study = { status, reason, finished_at, pid, lem_version, transitions };
    return await begin({ folder, head, study, lock }, { names: at.runs, entries }, at.options);
  });
}

/** The states of the runs that old and new settings have in common, and the results that only the old ones had. */
function adopted(
  manifest: StudyManifest,
  { runs }: StudyAtHand,
): { readonly entries: EntryTable; readonly retired: readonly ManifestEntry[] } {
  const known = new Map([...manifest.retired, ...manifest.entries].map((entry) => [runKey(entry), entry]));
  const entries = new EntryTable(runs.length);
  for (let slot = 0; slot < runs.length; slot++) {
    const key = runKey(runs.at(slot));
    const entry = known.get(key);
    if (entry === undefined) continue;
    entries.set(slot, stateOf(entry));
    known.delete(key);
  }
  return { entries, retired: [...known.values()].filter(({ result }) => result !== null) };
}

async function changedError(manifest: StudyManifest, at: StudyAtHand, folder: string): Promise<LemError> {
  const before = await readFile(sourceTextPath(folder), "utf8").catch(() => null);
  const changes = changesOf({ manifest, before }, at);
  return new LemError("study.changed", `the study would now run something else:\n${changes.join("\n")}`, {
    hint: "undo the change, start a new study without --resume, or go on with what both have in common: --resume --adopt",
    context: { changes },
  });
}
