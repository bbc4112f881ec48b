import type { GapGroup, JsonObject } from "@lem/domain";
import type { EntryModel } from "../candidates/candidate.ts";
import { Observer } from "../prove/observe.ts";
import { defaultsOf, type ProofTask } from "../prove/prove-entry.ts";
import type { Probe } from "../probe/protocol.ts";
import type { SectionEntries } from "../targets/sections.ts";
import { mineGaps, type GapFinding } from "./gap-candidates.ts";

/** A task with the candidates that gaps led to, and what became of each gap. */
export interface TaskWithGaps {
  readonly task: ProofTask;
  readonly findings: readonly GapFinding[];
}

/** Adds the candidates that gaps of a class lead to; they are proven like all others. */
export async function withGaps(task: ProofTask, gaps: readonly GapGroup[], probe: Probe): Promise<TaskWithGaps> {
  if (gaps.length === 0) return { task, findings: [] };
  const { model, calls, sites, facts } = task;
  const changed = gaps.flatMap(({ kind, fields }) => (kind === "changed" ? fields : []));
  const observer = new Observer(probe, { entry: model.entry, calls, report: changed });
  const background = { defaults: defaultsOf(task), facts };
  const { candidates, effective, findings } = await mineGaps(gaps, { model, background, observer, sites });
  const extended: EntryModel = {
    ...model,
    candidates: [...model.candidates, ...candidates],
    effective: { ...model.effective, ...effective },
  };
  return { task: { ...task, model: extended }, findings };
}

/** The gaps of a class: those that name it, and those of a section that constructs it. */
export const gapsOf = (
  entry: string,
  gaps: readonly GapGroup[],
  sections: Readonly<Record<string, SectionEntries>>,
): readonly GapGroup[] => gaps.filter((gap) => (gap.entry ?? entryOf(gap, sections)) === entry);

function entryOf(
  { section, examples }: GapGroup,
  sections: Readonly<Record<string, SectionEntries>>,
): string | undefined {
  const held = sections[section];
  if (held === undefined || typeof held === "string") return held;
  return examples.map((given) => chosenBy(given, held)).find((found) => found !== undefined);
}

function chosenBy(given: JsonObject, { key, entries }: Exclude<SectionEntries, string>): string | undefined {
  const choice = given[key];
  return typeof choice === "string" ? entries[choice] : undefined;
}
