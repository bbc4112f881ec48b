import type { EntryCounts, FailureGroup, FailureNote, StudyOutcome } from "@lem/study";

/** What the states of runs are called, in the order in which they are told. */
const STATES: readonly (readonly [keyof EntryCounts, string])[] = [
  ["completed", "completed"],
  ["failed", "failed"],
  ["unneeded", "not needed"],
  ["skipped", "given up"],
  ["interrupted", "interrupted"],
  ["running", "running"],
  ["pending", "to come"],
];

/** `10 of 12 runs completed · 1 failed · 1 to come` */
export function countsText(counts: EntryCounts): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const [first, ...others] = STATES.filter(([state]) => state === "completed" || counts[state] > 0);
  const rest = others.map(([state, words]) => `${counts[state]} ${words}`);
  return [`${first === undefined ? 0 : counts.completed} of ${total} runs completed`, ...rest].join(" · ");
}

/** Failures, grouped: how many, of what, in the words of the first, and what to do. */
export const failureGroupLines = (failures: readonly FailureGroup[]): readonly string[] =>
  failures.flatMap(({ runs, engine, note, examples }) => {
    const labels = examples.filter((label) => label !== "");
    const some = labels.length === 0 ? [] : [`    ${labels.join(", ")}${runs > labels.length ? ", …" : ""}`];
    return [`  ${runs} × ${engine}${inPhase(note)}: ${note.message}   ${note.code}`, ...some, ...hintLines(note)];
  });

const inPhase = ({ phase }: FailureNote): string => (phase === undefined ? "" : ` in ${phase}`);
const hintLines = ({ hint }: FailureNote): readonly string[] => (hint === undefined ? [] : [`    try: ${hint}`]);

/** How a study ended. */
export function outcomeLines({ counts, failures, reason, status }: StudyOutcome): readonly string[] {
  const isTold = reason === null || failures.some(({ note }) => note.code === reason.code);
  const stopped =
    isTold || reason === null ? [] : [`  ${status}: ${reason.message}   ${reason.code}`, ...hintLines(reason)];
  const goOn = counts.pending + counts.skipped + counts.interrupted > 0 ? ["  go on with: lem run --resume"] : [];
  return [countsText(counts), ...failureGroupLines(failures), ...stopped, ...goOn];
}
