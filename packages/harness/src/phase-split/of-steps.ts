import type { RequestTimeline } from "@lem/domain";
import { firstAtOrAfter } from "../energy/recording.ts";
import type { EngineSteps } from "../engine-steps.ts";
import { kindOf } from "./of-requests.ts";
import type { Segment } from "./segment.ts";

/**
 * Steps between a submission and the step that gives the first token, where the prompt takes one step: the scheduler
 * works one step ahead. A prompt that takes longer and does not wait for a place is computed in parts.
 */
const STEPS_AHEAD = 2;

/**
 * The segments that the engine's steps tell: a step lasts from the results of the one before it, or from the first
 * submission after a rest, to its own. It computed prompts when it says so, when it gave no output, or while a prompt was
 * computed in parts; and output when it gave more tokens than first ones.
 */
export function segmentsOfSteps(timelines: readonly RequestTimeline[], steps: EngineSteps): readonly Segment[] {
  const { t_ns } = steps;
  const firsts = firstTokens(timelines, t_ns);
  const parts = promptsInParts(timelines, t_ns);
  const busy = busyTimes(timelines);
  const segments: Segment[] = [];
  t_ns.forEach((to_ns, step) => {
    const from_ns = beginOf(busy, step === 0 ? 0 : at(t_ns, step - 1), to_ns);
    const [prompt_tokens, output_tokens] = [at(steps.prompt_tokens, step), at(steps.output_tokens, step)];
    const decoded_tokens = Math.max(0, output_tokens - at(firsts, step));
    const inParts = at(parts, step) > at(steps.waiting, step);
    const silent = output_tokens === 0 && at(steps.running, step) > 0;
    const kind = kindOf(prompt_tokens > 0 || inParts || silent, decoded_tokens > 0);
    if (kind !== undefined && from_ns < to_ns) segments.push({ kind, from_ns, to_ns, prompt_tokens, decoded_tokens });
  });
  return segments;
}

const at = (column: ArrayLike<number>, step: number): number => column[step] ?? 0;

/** How many requests got their first token in each step. */
function firstTokens(timelines: readonly RequestTimeline[], ends: Float64Array): Int32Array {
  const counts = new Int32Array(ends.length + 1);
  for (const { token_ns } of timelines) {
    const [first] = token_ns;
    if (first === undefined) continue;
    const step = firstAtOrAfter(ends, first);
    counts[step] = at(counts, step) + 1;
  }
  return counts;
}

/** How many prompts were computed in parts, or waited, during each step. */
function promptsInParts(timelines: readonly RequestTimeline[], ends: Float64Array): Int32Array {
  const changes = new Int32Array(ends.length + 2);
  for (const { submitted_ns, token_ns, finished_ns } of timelines) {
    const done = firstAtOrAfter(ends, token_ns[0] ?? finished_ns);
    const begun = firstAtOrAfter(ends, submitted_ns) + 1;
    if (done - begun < STEPS_AHEAD) continue;
    changes[begun] = at(changes, begun) + 1;
    changes[done] = at(changes, done) - 1;
  }
  let sum = 0;
  return changes.map((change) => (sum += change));
}

interface Busy {
  readonly begins: Float64Array;
  readonly ends: Float64Array;
}

/** The times in which at least one request was in the engine. */
function busyTimes(timelines: readonly RequestTimeline[]): Busy {
  const begins: number[] = [];
  const ends: number[] = [];
  for (const { submitted_ns, finished_ns } of timelines.toSorted((a, b) => a.submitted_ns - b.submitted_ns)) {
    const end = ends.at(-1);
    if (end !== undefined && submitted_ns <= end) ends[ends.length - 1] = Math.max(end, finished_ns);
    else {
      begins.push(submitted_ns);
      ends.push(finished_ns);
    }
  }
  return { begins: Float64Array.from(begins), ends: Float64Array.from(ends) };
}

/** When a step began that followed another: at once, or with the first submission after a rest. */
function beginOf({ begins, ends }: Busy, previous: number, end: number): number {
  const interval = firstAtOrAfter(ends, previous);
  const begin = begins[ends[interval] === previous ? interval + 1 : interval] ?? previous;
  return Math.min(end, Math.max(previous, begin));
}
