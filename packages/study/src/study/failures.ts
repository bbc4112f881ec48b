import type { EntryTable } from "../manifest/entry-table.ts";
import type { FailureNote } from "../manifest/manifest.ts";
import type { FailureGroup } from "./options.ts";

/** Labels that a group shows. */
const EXAMPLES = 3;

/** A failure with the run that had it. */
export interface LabelledFailure {
  readonly engine: string;
  readonly label: string;
  readonly note: FailureNote;
}

/** Groups failures by engine and code, the largest group first; each says the words of its first. */
export function groupFailures(failures: Iterable<LabelledFailure>): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { engine, label, note } of failures) {
    const key = `${engine} ${note.code}`;
    const none: FailureGroup = { engine, note, runs: 0, examples: [] };
    const { runs, examples, note: first } = groups.get(key) ?? none;
    const shown = examples.length < EXAMPLES && !examples.includes(label) ? [...examples, label] : examples;
    groups.set(key, { engine, note: first, runs: runs + 1, examples: shown });
  }
  return [...groups.values()].toSorted((a, b) => b.runs - a.runs);
}

/** The failures of a study's runs; runs that were given up count, pauses of the user do not. */
export function* failuresIn(
  entries: EntryTable,
  pointAt: (slot: number) => { readonly engine: string; readonly label: string },
): Generator<LabelledFailure> {
  for (const [slot, note] of entries.failures) {
    if (entries.statusAt(slot) === "interrupted") continue;
    const { engine, label } = pointAt(slot);
    yield { engine, label, note };
  }
}
