import { readFile } from "node:fs/promises";
import { fromSystemError, LemError } from "@lem/domain";
import { journalPath, manifestPath, resultPathInside } from "../results/layout.ts";
import { parseManifest } from "./codec.ts";
import { parseJournal } from "./journal.ts";
import type { ManifestEntry, StudyManifest } from "./manifest.ts";
import { nextEntry, type EntryState } from "./transition.ts";

const isMissing = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

/**
 * Reads the manifest of a study folder as it is now, whatever its process was doing: the file and the steps after it.
 * @throws LemError `results.not-found`, `results.invalid`, `results.schema-version`
 */
export async function readManifest(folder: string): Promise<StudyManifest> {
  const [file, journal] = [manifestPath(folder), journalPath(folder)];
  // The journal is read first: what it holds beyond a newer manifest is passed over by its numbers.
  const steps = await textOf(journal);
  const text = await textOf(file);
  if (text === undefined)
    throw new LemError("results.not-found", `there is no study at ${folder}`, { place: { file } });
  const manifest = parseManifest(jsonOf(text, file), file);
  return steps === undefined ? manifest : continued(manifest, steps, journal);
}

async function textOf(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw fromSystemError(error, `reading ${file}`);
  });
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LemError("results.invalid", `${file} is not JSON`, { place: { file }, cause: error });
  }
}

function continued(manifest: StudyManifest, text: string, file: string): StudyManifest {
  const entries = [...manifest.entries];
  const steps = parseJournal(text, manifest.transitions, file);
  for (const { slot, ...step } of steps) {
    const entry = entries[slot];
    if (entry === undefined)
      throw new LemError("results.invalid", `${file} names run ${slot}, which the study does not have`, {
        place: { file },
      });
    entries[slot] = entryOf(entry, nextEntry(stateOf(entry), step));
  }
  return { ...manifest, entries, transitions: manifest.transitions + steps.length };
}

/** The state of an entry as it is stored. */
export function stateOf({ status, attempts, started_at, finished_at, result, failure }: ManifestEntry): EntryState {
  const known = { status, attempts, started_at, finished_at, stored: result !== null };
  return failure === undefined ? known : { ...known, failure };
}

/** An entry as it is stored. */
export function entryOf(
  { experiment_id, cycle }: Pick<ManifestEntry, "experiment_id" | "cycle">,
  { stored, ...state }: EntryState,
): ManifestEntry {
  const result = stored ? resultPathInside({ id: experiment_id, cycle, rank: 0 }) : null;
  return { experiment_id, cycle, ...state, result };
}
