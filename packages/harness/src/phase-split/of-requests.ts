import type { RequestTimeline } from "@lem/domain";
import { firstAtOrAfter } from "../energy/recording.ts";
import { arrivalTimes } from "../load/arrivals.ts";
import type { Segment, SegmentKind } from "./segment.ts";

/** What changes at one instant. */
interface Change {
  readonly t_ns: number;
  /** Requests more that wait for their first token. */
  readonly prefilling: number;
  /** Requests more that have it and give more. */
  readonly decoding: number;
  readonly prompt_tokens: number;
}

/**
 * The segments that requests tell alone: prefill from the submission to the first token, decoding from there to the last
 * one. Where both happen the segment is mixed; where neither does there is none.
 */
export function segmentsOfRequests(timelines: readonly RequestTimeline[]): readonly Segment[] {
  const changes = timelines.flatMap(changesOf).toSorted((a, b) => a.t_ns - b.t_ns);
  const decodedUntil = decodedCounter(timelines);
  const segments: Segment[] = [];
  let [prefilling, decoding, from_ns] = [0, 0, 0];
  for (let index = 0; index < changes.length;) {
    const { t_ns: to_ns } = changes[index] as Change;
    const kind = kindOf(prefilling > 0, decoding > 0);
    let prompt_tokens = 0;
    for (; changes[index]?.t_ns === to_ns; index++) {
      const change = changes[index] as Change;
      prefilling += change.prefilling;
      decoding += change.decoding;
      prompt_tokens += change.prompt_tokens;
    }
    const decoded_tokens = decodedUntil(to_ns) - decodedUntil(from_ns);
    if (kind !== undefined) segments.push({ kind, from_ns, to_ns, prompt_tokens, decoded_tokens });
    from_ns = to_ns;
  }
  return segments;
}

/** What a time holds in which prompts, output or both were computed; undefined when neither was. */
export function kindOf(prefilling: boolean, decoding: boolean): SegmentKind | undefined {
  if (prefilling) return decoding ? "mixed" : "prefill";
  return decoding ? "decode" : undefined;
}

function changesOf({ submitted_ns, finished_ns, token_ns, input_tokens }: RequestTimeline): readonly Change[] {
  const [first, last] = [token_ns[0] ?? finished_ns, token_ns.at(-1) ?? finished_ns];
  const prompt_tokens = token_ns.length === 0 ? 0 : input_tokens;
  return [
    { t_ns: submitted_ns, prefilling: 1, decoding: 0, prompt_tokens: 0 },
    { t_ns: first, prefilling: -1, decoding: 1, prompt_tokens },
    { t_ns: last, prefilling: 0, decoding: -1, prompt_tokens: 0 },
  ];
}

/** Counts the output tokens behind first ones that had arrived at an instant, that one included. */
function decodedCounter(timelines: readonly RequestTimeline[]): (t_ns: number) => number {
  const origin_ns = timelines[0]?.origin_ns ?? 0;
  const times = arrivalTimes(timelines, (token_ns) => token_ns.subarray(1));
  return (t_ns) => {
    let count = firstAtOrAfter(times, origin_ns + t_ns);
    while (times[count] === origin_ns + t_ns) count++;
    return count;
  };
}
