import { unavailable, type RequestTimeline, type UnavailableReading } from "@lem/domain";
import type { EngineSteps } from "../engine-steps.ts";
import { segmentsOfRequests } from "./of-requests.ts";
import { segmentsOfSteps } from "./of-steps.ts";
import type { Segment, SegmentKind } from "./segment.ts";

/** The segments of one window, in order of time, and what they were told apart by. */
export interface PhaseSegments {
  readonly source: string;
  readonly segments: readonly Segment[];
}

/** Requests that wait for their first token while others give output, as a share of the time: above it their phases overlap. */
const MOST_OVERLAP = 0.01;

/** Tells the phases of a window apart: by the engine's steps, or by its requests' first tokens where these suffice. */
export function phaseSegments(
  timelines: readonly RequestTimeline[],
  steps: EngineSteps | null,
): PhaseSegments | UnavailableReading {
  if (timelines.some(({ timing }) => timing === "none"))
    return unavailable("coalesced-stream", "the engine does not say when its tokens arrived");
  if (steps !== null) return ofSteps(timelines, steps);
  if (timelines.some(({ timing }) => timing === "chunk"))
    return unavailable("coalesced-stream", "the first tokens came together with others: prefill cannot be told apart");
  const segments = joined(segmentsOfRequests(timelines));
  const share = shareOf("mixed", segments);
  if (share <= MOST_OVERLAP) return { source: "first tokens of the requests", segments };
  const percent = (100 * share).toFixed(0);
  const detail = `prompts and output overlap for ${percent} % of the time, and the engine does not tell of its steps`;
  return unavailable("not-reported-by-engine", detail);
}

/** Tokens that the steps do not tell of, or tell of twice, as a share: above it steps are missing. */
const MOST_UNTOLD = 0.01;

function ofSteps(timelines: readonly RequestTimeline[], steps: EngineSteps): PhaseSegments | UnavailableReading {
  const arrived = timelines.reduce((sum, { token_ns }) => sum + token_ns.length, 0);
  const told = steps.output_tokens.reduce((sum, tokens) => sum + tokens, 0);
  if (Math.abs(told - arrived) > MOST_UNTOLD * arrived)
    return unavailable(
      "not-reported-by-engine",
      `the engine's steps tell of ${told} output tokens, ${arrived} arrived`,
    );
  return { source: "steps of the engine", segments: joined(segmentsOfSteps(timelines, steps)) };
}

const length = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { from_ns, to_ns }) => sum + to_ns - from_ns, 0);

const shareOf = (kind: SegmentKind, segments: readonly Segment[]): number =>
  segments.length === 0 ? 0 : length(segments.filter((segment) => segment.kind === kind)) / length(segments);

/** Joins neighbours of one kind. */
function joined(segments: readonly Segment[]): readonly Segment[] {
  const all: Segment[] = [];
  for (const segment of segments) {
    const last = all.at(-1);
    if (last?.kind !== segment.kind || last.to_ns !== segment.from_ns) all.push(segment);
    else
      all[all.length - 1] = {
        ...last,
        to_ns: segment.to_ns,
        prompt_tokens: last.prompt_tokens + segment.prompt_tokens,
        decoded_tokens: last.decoded_tokens + segment.decoded_tokens,
      };
  }
  return all;
}
