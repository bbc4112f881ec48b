import type { Nanoseconds } from "../units.ts";

/**
 * What one request went through. All times are on the engine's CLOCK_MONOTONIC, in nanoseconds since the origin
 * of its window, so that they can be subtracted and set beside power samples.
 */
export interface RequestTimeline {
  /** Number of the request in the workload. */
  readonly request: number;
  /** Number of the window, from 1. */
  readonly window: number;
  /** Origin of the window on CLOCK_MONOTONIC. */
  readonly origin_ns: Nanoseconds;
  readonly submitted_ns: Nanoseconds;
  readonly finished_ns: Nanoseconds;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Ids of the output tokens, in order. */
  readonly output_ids: Int32Array;
  /** Arrival of each output token, in order: one entry a token, or empty when the engine does not show them. */
  readonly token_ns: Float64Array;
  /** `step`: one time for all sequences of a batch step. `chunk`: several tokens came at once. */
  readonly timing: "token" | "step" | "chunk" | "none";
  readonly finish: "length" | "stop" | "cancelled";
}
