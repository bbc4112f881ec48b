import type { ClockPair } from "./wall-clock.ts";

/** Units of the recorded quantities; what a sensor lacks is not in its stream. */
export const QUANTITY_UNITS = {
  /** Mean power since the sample before it. */
  power: "W",
  /** Energy since the driver was loaded, at the instants at which the counter changed. */
  energy_counter: "J",
  power_instant: "W",
  power_average: "W",
  power_limit: "W",
  temperature: "C",
  memory_temperature: "C",
  sm_clock: "Hz",
  memory_clock: "Hz",
  throttle_reasons: "bits",
  gpu_busy: "ratio",
  memory_used: "B",
  sm_active: "ratio",
  sm_occupancy: "ratio",
  tensor_active: "ratio",
  dram_active: "ratio",
  /** Wall clock minus CLOCK_MONOTONIC. */
  clock_offset: "us",
  /** CPU seconds of the sampling thread. */
  sampler_cpu: "s",
  /** Seconds that draining the driver's ring took. */
  drain_cost: "s",
} as const;
/** One recorded quantity. */
export type Quantity = keyof typeof QUANTITY_UNITS;

/** Instants on CLOCK_MONOTONIC and values of one quantity, in ascending order of time. */
export interface Points {
  readonly t_ns: Float64Array;
  readonly value: Float64Array;
}

/** A call that failed while sampling. */
export interface SamplingFault {
  readonly t_ns: number;
  readonly call: string;
  readonly detail: string;
}

/** What a sampling thread recorded since its last batch. */
export interface Batch {
  readonly points: Partial<Record<Quantity, Points>>;
  readonly faults: readonly SamplingFault[];
}

/** Collects points until they are sent. */
export class BatchBuilder {
  #points = new Map<Quantity, { t_ns: number[]; value: number[] }>();
  #faults: SamplingFault[] = [];

  add(quantity: Quantity, t_ns: number, value: number): void {
    const own = this.#points.get(quantity) ?? { t_ns: [], value: [] };
    own.t_ns.push(t_ns);
    own.value.push(value);
    this.#points.set(quantity, own);
  }

  fault(fault: SamplingFault): void {
    this.#faults.push(fault);
  }

  /** Gives what was collected and begins anew. */
  take(): Batch {
    const points = Object.fromEntries(
      [...this.#points].map(([quantity, { t_ns, value }]) => [
        quantity,
        { t_ns: Float64Array.from(t_ns), value: Float64Array.from(value) },
      ]),
    );
    const faults = this.#faults;
    this.#points = new Map();
    this.#faults = [];
    return { points, faults };
  }
}

/**
 * Places stamps of the wall clock on CLOCK_MONOTONIC, between two pairs or on the line through them: the wall clock is
 * slewed by its daemon.
 */
export function monotonicOf(wall_us: number, [before, after]: readonly [ClockPair, ClockPair]): number {
  const span = after.wall_us - before.wall_us;
  if (span <= 0) return after.monotonic_ns + (wall_us - after.wall_us) * 1e3;
  const share = (wall_us - before.wall_us) / span;
  return before.monotonic_ns + share * (after.monotonic_ns - before.monotonic_ns);
}
