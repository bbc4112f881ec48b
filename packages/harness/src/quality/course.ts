import { itlSamples, quantile, sortSamples, type RequestTimeline } from "@lem/domain";
import type { QualityRule } from "./rule.ts";

/** A pause between two tokens that is this long, and this many times the median, has another cause than the model. */
const STALL_S = 0.25;
const STALL_FACTOR = 20;

/** Rules about what happened to the engine while it was measured. */
export const COURSE_RULES: readonly QualityRule[] = [
  {
    code: "quality.stalled",
    meaning: "the engine stood still between two tokens, with no prompt to process",
    severity: "warn",
    hint: "the machine or the engine was suspended, or out of memory or processors: measure again",
    find: ({ measurement }) => {
      const pauses = (measurement?.windows ?? []).flatMap(({ record, timelines }) => {
        const seconds = longestStall(timelines);
        return seconds === undefined ? [] : [{ window: record.window, seconds }];
      });
      const [worst] = pauses.toSorted((a, b) => b.seconds - a.seconds);
      return worst && `window ${worst.window} stood still for ${worst.seconds.toPrecision(3)} s between two tokens`;
    },
  },
  {
    code: "quality.oversubscribed-cpu",
    meaning: "the engine computes with more threads than it may use processors",
    severity: "warn",
    hint: "threads that wait for one another lose most of their time: use no more of them than there are processors",
    find: ({ measurement }) => {
      if (measurement === null) return undefined;
      const { threads = 0 } = measurement.load;
      const { processors } = measurement.hello;
      return threads > processors
        ? `the engine computes with ${threads} threads on ${processors} processors`
        : undefined;
    },
  },
];

/** Seconds of the longest pause that no prompt explains, if one is far longer than the others. */
function longestStall(timelines: readonly RequestTimeline[]): number | undefined {
  const timed = timelines.filter(({ timing }) => timing === "token" || timing === "step");
  const gaps = itlSamples(timed);
  if (gaps.length === 0) return undefined;
  const limitNs = Math.max(STALL_S * 1e9, STALL_FACTOR * quantile(sortSamples(gaps), 0.5) * 1e6);
  let longest = 0;
  for (const { token_ns } of timed)
    for (let i = 1; i < token_ns.length; i++) {
      const [from, to] = [token_ns[i - 1] ?? 0, token_ns[i] ?? 0];
      if (to - from > Math.max(limitNs, longest) && !hasPrefill(timelines, from, to)) longest = to - from;
    }
  return longest === 0 ? undefined : longest / 1e9;
}

/** True when some request waited for its first token between two instants: its prompt holds up the others. */
const hasPrefill = (timelines: readonly RequestTimeline[], from: number, to: number): boolean =>
  timelines.some(({ submitted_ns, finished_ns, token_ns }) => submitted_ns < to && (token_ns[0] ?? finished_ns) > from);
