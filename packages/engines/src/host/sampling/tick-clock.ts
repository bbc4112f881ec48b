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

/** Milliseconds that a reading of the counter usually takes, where nobody has seen it. */
const USUAL_CALL_MS = 3.5;

/** Milliseconds that a reading of the counter takes on this board. */
export function counterCall(sources: readonly SourceTiming[]): number {
  const cost = sources.find(({ source }) => source === "counter")?.call_cost;
  return cost?.status === "measured" ? cost.value : USUAL_CALL_MS;
}

/** Between which instants a tick was: a reading before it began, one after it ended. */
export interface TickSpan {
  readonly after_ns: number;
  readonly before_ns: number;
}

/** Milliseconds before the expected tick at which the counter is read first: a call, and what a thread may wake late. */
const LEAD_MS = 6;
/** Milliseconds after the expected tick at which it is given up. */
const PATIENCE_MS = 6;
/** Milliseconds within which two usual calls fit; a tick that is known better than that tells the period too. */
const CLOSE_MS = 9;
/** How much of the difference between such a tick and what was foretold is believed: it is seen to 2 ms. */
const BELIEF = 0.5;

/** Periods between two close ticks that tell the length of one: two that are near tell it to 4 ms. */
const MIN_PERIODS = 10;

/**
 * Foretells the ticks of an energy counter from those that were seen, so that few readings find the next one: each reading
 * takes 3 to 4 ms, and four times as long while the driver has other work.
 */
export class TickClock {
  #period_ms: number;
  #tick_ms: number | undefined;
  /** How far the next tick may be from what is foretold, besides what {@link LEAD_MS} allows for. */
  #doubt_ms: number;
  /** A close tick of before, from which the period is learned. */
  #anchor_ms: number | undefined;

  constructor(period_ms: number, tick_ns: number | undefined, doubt_ms = 0) {
    this.#period_ms = period_ms;
    this.#doubt_ms = doubt_ms;
    this.#tick_ms = tick_ns === undefined ? undefined : tick_ns / 1e6;
    this.#anchor_ms = doubt_ms === 0 ? this.#tick_ms : undefined;
  }

  get period_ms(): number {
    return this.#period_ms;
  }

  /** True when the next tick can be foretold. */
  get knows(): boolean {
    return this.#tick_ms !== undefined;
  }

  /** Milliseconds from an instant until shortly before the next tick. */
  untilNext(now_ns: number): number {
    if (this.#tick_ms === undefined) return 0;
    const since_ms = now_ns / 1e6 - this.#tick_ms;
    return this.#period_ms - ((since_ms + LEAD_MS + this.#doubt_ms) % this.#period_ms);
  }

  /** Milliseconds from that instant after which a tick that did not come is given up. */
  get patience_ms(): number {
    return LEAD_MS + PATIENCE_MS + 2 * this.#doubt_ms;
  }

  /** Learns from a tick: a close one tells phase and period, a wide one only what cannot be. */
  saw({ after_ns, before_ns }: TickSpan): void {
    const [tick_ms, half_ms] = [(after_ns + before_ns) / 2e6, (before_ns - after_ns) / 2e6];
    const isClose = 2 * half_ms <= CLOSE_MS;
    const last_ms = this.#tick_ms;
    if (last_ms === undefined || (isClose && this.#doubt_ms > 0)) {
      this.#tick_ms = tick_ms;
      this.#doubt_ms = isClose ? 0 : half_ms;
      this.#anchor_ms = isClose ? tick_ms : undefined;
      return;
    }
    const foretold_ms = last_ms + Math.round((tick_ms - last_ms) / this.#period_ms) * this.#period_ms;
    const off_ms = tick_ms - foretold_ms;
    const beyond_ms = Math.max(Math.abs(off_ms) - half_ms, 0);
    this.#tick_ms = foretold_ms + (isClose ? BELIEF * off_ms : Math.sign(off_ms) * beyond_ms);
    if (isClose) this.#learnPeriod(this.#tick_ms);
  }

  #learnPeriod(tick_ms: number): void {
    this.#anchor_ms ??= tick_ms;
    const periods = Math.round((tick_ms - this.#anchor_ms) / this.#period_ms);
    if (periods < MIN_PERIODS) return;
    this.#period_ms = (tick_ms - this.#anchor_ms) / periods;
    this.#anchor_ms = tick_ms;
  }

  /** The ticks are not where they were expected. */
  forget(): void {
    this.#tick_ms = undefined;
    this.#anchor_ms = undefined;
    this.#doubt_ms = 0;
  }
}
