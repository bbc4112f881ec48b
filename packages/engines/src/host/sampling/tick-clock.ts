import type { SourceTiming } from "./source-timing.ts";

/** Milliseconds between two changes of the counter on the boards that are known. */
const USUAL_PERIOD_MS = 100;
/** A period that was found within this share of the usual one is the usual one: a few changes tell it no better. */
const NEAR = 0.03;

/** The period of the counter to begin with. */
export function tickPeriod(sources: readonly SourceTiming[]): number {
  const found = sources.find(({ source }) => source === "counter")?.period;
  if (found?.status !== "measured" || Math.abs(found.value / USUAL_PERIOD_MS - 1) < NEAR) return USUAL_PERIOD_MS;
  return found.value;
}

/** Milliseconds before the expected tick at which the counter is read first: a call, and what a thread may wake late. */
const LEAD_MS = 6;
/** Milliseconds after that first reading at which a tick that did not come is given up. */
export const TICK_PATIENCE_MS = 12;
/** How much of the difference between a tick and what was foretold is believed: a tick is seen to 2 ms. */
const BELIEF = 0.5;

/**
 * Foretells the ticks of an energy counter from those that were seen, so that few readings find the next one: each reading
 * takes 3 to 4 ms.
 */
export class TickClock {
  #period_ms: number;
  #tick_ms: number | undefined;

  constructor(period_ms: number, tick_ns: number | undefined) {
    this.#period_ms = period_ms;
    this.#tick_ms = tick_ns === undefined ? undefined : tick_ns / 1e6;
  }

  /** True when the next tick can be foretold. */
  get knows(): boolean {
    return this.#tick_ms !== undefined;
  }

  /** Milliseconds from an instant until shortly before the next tick. */
  untilNext(now_ns: number): number {
    if (this.#tick_ms === undefined) return 0;
    const since_ms = now_ns / 1e6 - this.#tick_ms;
    return this.#period_ms - ((since_ms + LEAD_MS) % this.#period_ms);
  }

  /** Learns the period better with each tick; undefined: it could not be found. */
  saw(tick_ns: number | undefined): void {
    const before_ms = this.#tick_ms;
    const tick_ms = tick_ns === undefined ? undefined : tick_ns / 1e6;
    this.#tick_ms = tick_ms;
    if (before_ms === undefined || tick_ms === undefined) return;
    const periods = Math.round((tick_ms - before_ms) / this.#period_ms);
    if (periods <= 0) return;
    const foretold_ms = before_ms + periods * this.#period_ms;
    this.#tick_ms = foretold_ms + BELIEF * (tick_ms - foretold_ms);
    this.#period_ms = (this.#tick_ms - before_ms) / periods;
  }
}
