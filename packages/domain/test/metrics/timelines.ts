import { nanoseconds } from "../../src/units.ts";
import type { RequestTimeline } from "../../src/metrics/timeline.ts";

const MS = 1e6;

/** A request submitted at `submitted` ms whose tokens arrive at `arrivals` ms. */
export function timeline(
  submitted: number,
  arrivals: readonly number[],
  changes: Partial<RequestTimeline> = {},
): RequestTimeline {
  return {
    request: 0,
    window: 0,
    origin_ns: nanoseconds(0),
    submitted_ns: nanoseconds(submitted * MS),
    finished_ns: nanoseconds(((arrivals.at(-1) ?? submitted) + 1) * MS),
    input_tokens: 8,
    output_tokens: arrivals.length,
    output_ids: Int32Array.from(arrivals, (_, index) => index),
    token_ns: Float64Array.from(arrivals, (at) => at * MS),
    timing: "token",
    finish: "length",
    ...changes,
  };
}
