import type { Candidate } from "../candidates/candidate.ts";
import type { ProbeException, ProbePlace, ProbeStage } from "../probe/protocol.ts";
import type { Observation } from "./observe.ts";

/** A file and line of the engine's source. */
export type SourceLine = Pick<ProbePlace, "path" | "line">;

/** A candidate with the lines at which its outcome shows: its own, or those that read what it collects. */
export interface Claim {
  readonly candidate: Candidate;
  readonly shownAt: readonly SourceLine[];
  /** Claims of one group show in the same way, so that only together they can miss what is seen. */
  readonly group: string;
  /** Stages whose refusal is an error: in one of them the class must refuse where the condition raises. */
  readonly errorStages: readonly number[];
}

/** The stage of a candidate in an observation; undefined where an earlier refusal prevented it. */
export const stageOf = ({ stages }: Observation, stage: number): ProbeStage | undefined =>
  stages.find((each) => each.stage === stage);

const isAmong = (lines: readonly SourceLine[], { path, line }: ProbePlace): boolean =>
  lines.some((each) => each.path === path && each.line === line);

/** Whether the engine was seen to refuse or say at its place what a claim says. */
export function isSeen({ candidate: { outcome, place }, shownAt }: Claim, { exception, said }: ProbeStage): boolean {
  if (outcome.kind === "warn") return said.some((each) => isAmong(shownAt, each));
  if (outcome.kind !== "error" || exception === null) return false;
  if (place.kind === "lift")
    return exception.items.some(
      ({ loc, type }) => String(loc[0]) === place.field && place.errorType.split("|").includes(type),
    );
  return framesOf(exception).some((frame) => isAmong(shownAt, frame));
}

/** The places that an exception went through, those of the engine's own validators included. */
const framesOf = ({ frames, items }: ProbeException): readonly ProbePlace[] => [
  ...frames,
  ...items.flatMap((item) => item.frames),
];

/** Where a refusal came from, for people and for counting. */
export function originOf({ type, frames, items }: ProbeException): string {
  const [item] = items;
  if (item !== undefined) return `${type} ${item.loc.join(".")}:${item.type}`;
  const [frame] = frames;
  return frame === undefined ? `${type} outside` : `${type} ${frame.path}:${frame.line} ${frame.qualname}`;
}
