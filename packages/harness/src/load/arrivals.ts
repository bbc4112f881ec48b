import type { RequestTimeline } from "@lem/domain";
import { firstAtOrAfter } from "../energy/recording.ts";

/** The output of one window as it arrived, on CLOCK_MONOTONIC, in order of time. */
export class Arrivals {
  /** Every output token. */
  readonly #tokens: Float64Array;
  /** The first output token of every request: its prompt was computed then. */
  readonly #firsts: Float64Array;

  constructor(timelines: readonly RequestTimeline[]) {
    this.#tokens = arrivalTimes(timelines, (times) => times);
    this.#firsts = arrivalTimes(timelines, (times) => times.subarray(0, 1));
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

/** Instants of some tokens of each request in order of time, in eight bytes each: windows hold millions. */
export function arrivalTimes(
  timelines: readonly RequestTimeline[],
  which: (token_ns: Float64Array) => Float64Array,
): Float64Array {
  const chosen = timelines.map(({ token_ns }) => which(token_ns));
  const all = new Float64Array(chosen.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  chosen.forEach((times, index) => {
    const origin_ns = timelines[index]?.origin_ns ?? 0;
    for (const time of times) all[at++] = origin_ns + time;
  });
  return all.sort();
}

const countBetween = (times: Float64Array, from: number, to: number): number =>
  firstAtOrAfter(times, to) - firstAtOrAfter(times, from);
