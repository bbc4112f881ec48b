import { unavailable } from "../reading.ts";
import { summariseDistribution, unavailableDistribution, type DistributionReadings } from "./distribution.ts";
import type { RequestTimeline } from "./timeline.ts";

/** The latency section of a result: one distribution a metric. */
export interface LatencyReadings {
  readonly ttft: DistributionReadings;
  readonly itl: DistributionReadings;
  readonly tpot: DistributionReadings;
  readonly e2e: DistributionReadings;
}

const CLOCK = "CLOCK_MONOTONIC in the engine's process";
const toMs = (ns: number): number => ns / 1e6;

const firstToken = (timeline: RequestTimeline): number | undefined => timeline.token_ns[0];
const lastToken = (timeline: RequestTimeline): number | undefined => timeline.token_ns.at(-1);

/** TTFT of each request, ms: first token - submission. */
export const ttftSamples = (timelines: readonly RequestTimeline[]): number[] =>
  timelines.flatMap((timeline) => {
    const first = firstToken(timeline);
    return first === undefined ? [] : [toMs(first - timeline.submitted_ns)];
  });

/** End-to-end latency of each request, ms: last token - submission. */
export const e2eSamples = (timelines: readonly RequestTimeline[]): number[] =>
  timelines.flatMap((timeline) => {
    const last = lastToken(timeline);
    return last === undefined ? [] : [toMs(last - timeline.submitted_ns)];
  });

/** TPOT of each request with at least two output tokens, ms: (last - first token) / (output tokens - 1). */
export const tpotSamples = (timelines: readonly RequestTimeline[]): number[] =>
  timelines.flatMap((timeline) => {
    const [first, last] = [firstToken(timeline), lastToken(timeline)];
    if (first === undefined || last === undefined || timeline.output_tokens < 2) return [];
    return [toMs((last - first) / (timeline.output_tokens - 1))];
  });

/** Every gap between consecutive tokens of one request, ms. */
export function itlSamples(timelines: readonly RequestTimeline[]): Float64Array {
  const gaps = timelines.reduce((sum, timeline) => sum + Math.max(0, timeline.token_ns.length - 1), 0);
  const samples = new Float64Array(gaps);
  let next = 0;
  for (const { token_ns } of timelines)
    for (let i = 1; i < token_ns.length; i++) samples[next++] = toMs((token_ns[i] ?? 0) - (token_ns[i - 1] ?? 0));
  return samples;
}

/**
 * Computes the latency section of the requests that were completed. Times that the engine hid behind chunks are
 * withheld with the reason. The gaps of one request follow one another closely, and requests that are in the engine
 * at the same time share its steps and slow one another; requests of different lengths that come again in each window are
 * fewer than they look. None of these are independent samples, so they carry no interval.
 */
export function latencyReadings(timelines: readonly RequestTimeline[]): LatencyReadings {
  const completed = timelines.filter(({ finish }) => finish !== "cancelled");
  if (completed.some(({ timing }) => timing === "none")) return HIDDEN;
  const label = { unit: "ms" as const, source: CLOCK };
  const together = overlap(timelines) || completed.some(({ timing }) => timing === "step");
  const kind = { independent: !together && !repeatsUnequal(completed) };
  const chunked = completed.find(({ timing }) => timing === "chunk");
  const withheld = chunked === undefined ? undefined : coalesced(chunked);
  return {
    ttft: summariseDistribution(ttftSamples(completed), label, kind),
    itl: withheld ?? summariseDistribution(itlSamples(completed), label, { independent: false }),
    tpot: withheld ?? summariseDistribution(tpotSamples(completed), label, kind),
    e2e: summariseDistribution(e2eSamples(completed), label, kind),
  };
}

/** True when any two requests of one window were in the engine at the same time, cancelled ones included. */
function overlap(timelines: readonly RequestTimeline[]): boolean {
  const ordered = timelines.toSorted((a, b) => a.window - b.window || a.submitted_ns - b.submitted_ns);
  return ordered.some((timeline, index) => {
    const before = ordered[index - 1];
    if (before === undefined || before.window !== timeline.window) return false;
    return timeline.submitted_ns < (lastToken(before) ?? before.finished_ns);
  });
}

/** True when requests come again in other windows, and are not of one length: n counts each length several times. */
function repeatsUnequal(timelines: readonly RequestTimeline[]): boolean {
  const [first] = timelines;
  if (first === undefined || timelines.every(({ window }) => window === first.window)) return false;
  return timelines.some(
    ({ input_tokens, output_tokens }) => input_tokens !== first.input_tokens || output_tokens !== first.output_tokens,
  );
}

const NOT_SHOWN = unavailableDistribution(
  unavailable("not-reported-by-engine", "the engine does not show when its tokens arrive"),
);
const HIDDEN: LatencyReadings = { ttft: NOT_SHOWN, itl: NOT_SHOWN, tpot: NOT_SHOWN, e2e: NOT_SHOWN };

function coalesced(timeline: RequestTimeline): DistributionReadings {
  const chunks = new Set(timeline.token_ns).size;
  return unavailableDistribution(
    unavailable("coalesced-stream", `the stream was coalesced: ${chunks} chunks for ${timeline.output_tokens} tokens`),
  );
}
