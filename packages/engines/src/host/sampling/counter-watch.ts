import type { UnavailableReading } from "@lem/domain";
import { changePeriod, medianOf, NEEDS_A_STEP, type SourceTiming } from "./source-timing.ts";

/** One reading of the energy counter: what it said, or why it said nothing. */
export type ReadCounter = () => { readonly value: number } | { readonly failure: UnavailableReading };

/** Nanoseconds between two changes of the counter on the boards that are known. */
const USUAL_NS = 100e6;
/** Nanoseconds between two readings before the first change is seen. */
const COARSE_NS = 25e6;
/** A change that is known to this many nanoseconds counts; a call takes 3 to 4 ms. */
const NARROW_NS = 9e6;
/** Readings begin so long before the expected change, and are given up so long after it. */
const LEAD_NS = 5e6;
const PATIENCE_NS = 10e6;

const COUNTER_CALL = "nvmlDeviceGetTotalEnergyConsumption";

/**
 * Finds when the energy counter changes with few readings, since each holds the driver for milliseconds and wakes an idle
 * GPU: coarse ones until the first change, then close ones around each expected change. A counter with another period
 * than the usual one is read closely all the time.
 */
export class CounterWatch {
  readonly #read: ReadCounter;
  readonly #now: () => number;
  readonly #costs: number[] = [];
  readonly #changes: number[] = [];
  #dueNs = 0;
  /** Until when a change is expected; 0: not yet, Infinity: it may come at any time. */
  #untilNs = 0;
  #last: { readonly value: number; readonly t_ns: number } | undefined;
  #failure: UnavailableReading | undefined;

  constructor(read: ReadCounter, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** When the counter is to be read next. */
  get dueNs(): number {
    return this.#failure === undefined ? this.#dueNs : Infinity;
  }

  /** Instants of the changes that are known closely. */
  get changes(): readonly number[] {
    return this.#changes;
  }

  poll(): void {
    const before = this.#now();
    if (before < this.dueNs) return;
    const answer = this.#read();
    const after = this.#now();
    if ("failure" in answer) {
      this.#failure = answer.failure;
      return;
    }
    this.#costs.push(after - before);
    const last = this.#last;
    this.#last = { value: answer.value, t_ns: after };
    if (last === undefined || last.value === answer.value) this.#wait(after);
    else this.#changed(last.t_ns, before);
  }

  #wait(now_ns: number): void {
    if (this.#untilNs === 0) this.#dueNs = now_ns + COARSE_NS;
    else if (now_ns > this.#untilNs) this.#untilNs = Infinity;
  }

  #changed(after_ns: number, before_ns: number): void {
    const isNarrow = before_ns - after_ns <= NARROW_NS;
    if (isNarrow) this.#changes.push((after_ns + before_ns) / 2);
    // Something else than the usual period: a change that came before it was looked for.
    if (!isNarrow && this.#untilNs > 0) this.#untilNs = Infinity;
    if (this.#untilNs === Infinity) return;
    this.#dueNs = after_ns + USUAL_NS - LEAD_NS;
    this.#untilNs = before_ns + USUAL_NS + PATIENCE_NS;
  }

  timing(): SourceTiming {
    const failure = this.#failure;
    const delay = failure ?? NEEDS_A_STEP;
    if (failure !== undefined) return { source: "counter", period: failure, delay, call_cost: failure };
    return {
      source: "counter",
      period: changePeriod(this.#changes, `${COUNTER_CALL}, its changes`),
      delay,
      call_cost: medianOf(this.#costs, `${COUNTER_CALL}, median call`),
    };
  }
}
