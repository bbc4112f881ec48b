import type { LoadSeries, RequestTimeline } from "@lem/domain";
import { Arrivals } from "./arrivals.ts";

/** Energy of all domains from some beginning up to an instant, in joules. */
export type EnergyUntil = (t_ns: number) => number;

/** What a window's load was like, interval by interval of equal length. */
export interface LoadCourse {
  readonly interval_s: number;
  /** Power is missing where no domain was sampled all along. */
  readonly series: Readonly<Partial<Record<LoadSeries, Float64Array>>>;
}

/** A stretch of time on CLOCK_MONOTONIC. */
export interface Stretch {
  readonly from_ns: number;
  readonly to_ns: number;
}

/** Seconds of the shortest interval: as often as the processor's counters are read. */
const SHORTEST_S = 0.05;
/** Tokens that an interval holds at least, on average: fewer are counting noise. */
const TOKENS_AN_INTERVAL = 4;

/** Intervals beyond which a longer window gets longer ones. */
const MOST_INTERVALS = 2000;

/** Cuts a window into intervals: output tokens a second, mean requests in flight, and mean power in each. */
export function loadCourse(
  timelines: readonly RequestTimeline[],
  stretch: Stretch,
  energyUntil: EnergyUntil | null,
): LoadCourse {
  const length_s = (stretch.to_ns - stretch.from_ns) / 1e9;
  const arrivals = new Arrivals(timelines);
  const rate = arrivals.tokensBetween(stretch.from_ns, stretch.to_ns) / length_s;
  const interval_s = Math.max(SHORTEST_S, TOKENS_AN_INTERVAL / rate, length_s / MOST_INTERVALS);
  const count = Number.isFinite(interval_s) ? Math.floor(length_s / interval_s) : 0;
  const edge = (index: number): number => stretch.from_ns + index * interval_s * 1e9;
  const over = (of: (from: number, to: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => of(edge(index), edge(index + 1)) / interval_s);
  return {
    interval_s,
    series: {
      tokens: over((from, to) => arrivals.tokensBetween(from, to)),
      requests: inFlight(timelines, { from_ns: stretch.from_ns, interval_ns: interval_s * 1e9, count }),
      ...(energyUntil === null ? {} : { power: over((from, to) => energyUntil(to) - energyUntil(from)) }),
    },
  };
}

/** Mean number of requests in flight over a stretch. */
export const meanInFlight = (timelines: readonly RequestTimeline[], { from_ns, to_ns }: Stretch): number =>
  inFlight(timelines, { from_ns, interval_ns: to_ns - from_ns, count: 1 })[0] ?? 0;

interface Intervals {
  readonly from_ns: number;
  readonly interval_ns: number;
  readonly count: number;
}

/** Requests between their submission and their end, as the mean of each interval. */
function inFlight(timelines: readonly RequestTimeline[], { from_ns, interval_ns, count }: Intervals): Float64Array {
  const begins = new Float64Array(count + 1);
  const place = (t_ns: number, sign: number): void => {
    const at = Math.min(count, Math.max(0, (t_ns - from_ns) / interval_ns));
    const index = Math.min(count, Math.floor(at));
    begins[index] = (begins[index] ?? 0) + sign * (1 - (at - index));
    if (index < count) begins[index + 1] = (begins[index + 1] ?? 0) + sign * (at - index);
  };
  for (const { origin_ns, submitted_ns, finished_ns } of timelines) {
    place(origin_ns + submitted_ns, 1);
    place(origin_ns + finished_ns, -1);
  }
  let sum = 0;
  return begins.slice(0, count).map((change) => (sum += change));
}
