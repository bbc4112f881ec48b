import type { RequestTimeline } from "@lem/domain";
import { firstAtOrAfter } from "../energy/recording.ts";

/** The output of one window as it arrived, on CLOCK_MONOTONIC, in order of time. */
export class Arrivals {
  /** Every output token. */
  readonly #tokens: Float64Array;
  /** The first output token of every request: its prompt was computed then. */
  readonly #firsts: Float64Array;

  constructor(timelines: readonly RequestTimeline[]) {
    this.#tokens = sorted(timelines.flatMap(({ origin_ns, token_ns }) => Array.from(token_ns, (t) => origin_ns + t)));
    this.#firsts = sorted(
      timelines.flatMap(({ origin_ns, token_ns }) => Array.from(token_ns.slice(0, 1), (t) => origin_ns + t)),
    );
  }

  /** Output tokens that arrived from one instant up to, not including, another. */
  tokensBetween(from_ns: number, to_ns: number): number {
    return countBetween(this.#tokens, from_ns, to_ns);
  }

  /** Requests whose first output token arrived in between. */
  promptsBetween(from_ns: number, to_ns: number): number {
    return countBetween(this.#firsts, from_ns, to_ns);
  }
}

const sorted = (times: readonly number[]): Float64Array => Float64Array.from(times).sort();

const countBetween = (times: Float64Array, from: number, to: number): number =>
  firstAtOrAfter(times, to) - firstAtOrAfter(times, from);
