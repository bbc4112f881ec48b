import type { TickClock, TickSpan } from "./tick-clock.ts";

/** One reading of the energy counter. */
export interface CounterReading {
  readonly value: number;
  /** When the call began and ended. */
  readonly from_ns: number;
  readonly to_ns: number;
}

/** What ticks are found with. */
export interface TickFinderParts {
  readonly clock: TickClock;
  /** Reads the counter; undefined when it fails. */
  readonly read: () => CounterReading | undefined;
  /** What a reading usually takes, in milliseconds. */
  readonly call_ms: number;
  /** Reads CLOCK_MONOTONIC in nanoseconds. */
  readonly now: () => number;
  /** Waits; false when nobody wants a tick any more. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

/** The first value after a tick, and where the tick was; or why none was found. */
export type FoundTick =
  | ({ readonly status: "found"; readonly value: number } & TickSpan)
  | { readonly status: "still" | "missed" | "failed" | "stopped" };

type Change = Exclude<FoundTick, { readonly status: "missed" }> | { readonly status: "same" };

/** A tick between readings that are so many milliseconds apart is known well enough, whatever a call takes. */
const CLOSE_MS = 9;
/** Calls that such a tick may lie between, where a call takes longer. */
const CLOSE_CALLS = 2.5;
/** Expected ticks that may be absent before the counter is searched: a long call can begin before one and end after it. */
const TRIES = 3;
/** Ticks that are awaited, or searched, before one is given up until the next time. */
const ATTEMPTS = 8;
/** Share of a period between two readings of a search. */
const SEARCH_STEP = 0.2;
/** A counter that does not change for so many periods stands still. */
const STILL_PERIODS = 4;

/**
 * Finds the next tick of an energy counter closely, with few readings: each holds the driver and a processor for
 * milliseconds. They lie close around the instant that the clock foretells. A tick that fell into a long call is let go,
 * and the next one awaited; where they do not come as foretold, readings far apart tell about when they come.
 */
export class TickFinder {
  readonly #parts: TickFinderParts;
  readonly #closeNs: number;

  constructor(parts: TickFinderParts) {
    this.#parts = parts;
    this.#closeNs = 1e6 * Math.max(CLOSE_MS, CLOSE_CALLS * parts.call_ms);
  }

  async next(): Promise<FoundTick> {
    const { clock } = this.#parts;
    for (let [attempt, absent] = [0, 0]; attempt < ATTEMPTS; attempt++) {
      const change = clock.knows ? await this.#expected() : await this.#searched();
      if (change.status === "found") {
        clock.saw(change);
        if (change.before_ns - change.after_ns <= this.#closeNs) return change;
      } else if (change.status !== "same") return change;
      else if (++absent % TRIES === 0) clock.forget();
    }
    return { status: "missed" };
  }

  /** Readings without a pause around the instant at which a tick is expected. */
  async #expected(): Promise<Change> {
    const { clock, pause, now } = this.#parts;
    if (!(await pause(clock.untilNext(now())))) return { status: "stopped" };
    return await this.#watch(clock.patience_ms, 0);
  }

  async #searched(): Promise<Change> {
    const { period_ms } = this.#parts.clock;
    const change = await this.#watch(STILL_PERIODS * period_ms, SEARCH_STEP * period_ms);
    return change.status === "same" ? { status: "still" } : change;
  }

  /** Reads for some time, each `step_ms`, until the counter has changed. */
  async #watch(length_ms: number, step_ms: number): Promise<Change> {
    const { read, now, pause } = this.#parts;
    const begin = now();
    let last: CounterReading | undefined;
    for (let reads = 0; now() - begin < length_ms * 1e6; reads++) {
      const early_ms = reads * step_ms - (now() - begin) / 1e6;
      if (early_ms > 0 && !(await pause(early_ms))) return { status: "stopped" };
      const reading = read();
      if (reading === undefined) return { status: "failed" };
      const { value, to_ns } = reading;
      if (last !== undefined && value !== last.value)
        return { status: "found", value, after_ns: last.from_ns, before_ns: to_ns };
      last = reading;
    }
    return { status: "same" };
  }
}
