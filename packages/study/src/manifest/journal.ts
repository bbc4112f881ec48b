import { z } from "zod";
import { LemError } from "@lem/domain";
import { failureNote } from "./failure-note.ts";
import type { EntryStep } from "./transition.ts";

const slot = z.int().nonnegative();
const at = z.string();
const seq = z.int().positive();
const line = z.discriminatedUnion("type", [
  z.strictObject({ seq, type: z.literal("start"), slot, at }),
  z.strictObject({
    seq,
    type: z.literal("finish"),
    slot,
    at,
    status: z.enum(["completed", "failed", "interrupted"]),
    stored: z.boolean(),
    failure: failureNote.exactOptional(),
  }),
  z.strictObject({ seq, type: z.literal("skip"), slot, at, failure: failureNote }),
  z.strictObject({ seq, type: z.literal("unneed"), slot, at }),
  z.strictObject({ seq, type: z.literal("reopen"), slot }),
]);

/** A step of a run, with its number among all transitions of the study. */
export type JournalLine = EntryStep & { readonly slot: number; readonly seq: number };

/** One line of the journal. */
export const journalText = (each: JournalLine): string => `${JSON.stringify(each)}\n`;

/**
 * The steps of a journal after a number. What follows its last whole line was being written when the process died or
 * the power failed, and counts as not written.
 * @throws LemError `results.invalid` for any other line that is none, or that is missing
 */
export function parseJournal(text: string, after: number, file: string): readonly JournalLine[] {
  const lines = text.split("\n").slice(0, -1).map(parseLine);
  while (lines.at(-1) === undefined && lines.length > 0) lines.pop();
  const whole = lines.map((each, index) => each ?? refuse(file, `line ${index + 1} is no step of a study`));
  const steps = whole.filter((each) => each.seq > after);
  for (const [index, each] of steps.entries())
    if (each.seq !== after + index + 1) refuse(file, `step ${after + index + 1} is missing`);
  return steps;
}

function parseLine(text: string): JournalLine | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function refuse(file: string, why: string): never {
  throw new LemError("results.invalid", `${file} is damaged: ${why}`, { place: { file } });
}
