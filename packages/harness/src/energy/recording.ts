import type { Batch, Points, Quantity, SamplingFault, SensorState, SourceTiming } from "@lem/engines/host";
import type { BaselineKind } from "./idle-span.ts";

/** What a domain's sensor is. */
export interface SensorDescription {
  /** `gpu0`, `cpu-package-0`, `dram-0`. */
  readonly domain: string;
  readonly device: string;
  /** The instrument of its power samples. */
  readonly source: string;
  readonly relative_gain_error: number;
  /** True for a counter: between two readings it misses nothing, however late the second one is. */
  readonly cumulative?: boolean;
  /** The MIG instances through which a GPU is used; its sensor measures the whole board. */
  readonly mig_instances?: readonly string[];
}

/** The sampling of a domain ended before its time. */
export interface SensorLoss {
  readonly t_ns: number;
  readonly detail: string;
}

/** The state of a sensor's machine, with when it was read. */
export interface NotedState extends SensorState {
  readonly moment: BaselineKind;
  /** The engine's processes at that moment, none while it is not there. */
  readonly engine_pids: readonly number[];
}

/** The raw streams of one domain's sensor: every figure of energy can be computed from them again. */
export interface Recording {
  readonly sensor: SensorDescription;
  readonly streams: ReadonlyMap<Quantity, Points>;
  readonly faults: readonly SamplingFault[];
  readonly lost: SensorLoss | null;
  /** How its sources behave here; none for a sensor with one source only. */
  readonly sources: readonly SourceTiming[];
  /** The state of its machine at each stop between the phases, never within a window. */
  readonly states: readonly NotedState[];
}

const EMPTY: Points = { t_ns: new Float64Array(0), value: new Float64Array(0) };

/** The points of one quantity; none where the sensor lacks it. */
export const pointsOf = (recording: Recording, quantity: Quantity): Points => recording.streams.get(quantity) ?? EMPTY;

/** The points of a quantity between two instants, both included. */
export function pointsBetween({ t_ns, value }: Points, from: number, to: number): Points {
  const first = firstAtOrAfter(t_ns, from);
  let last = first;
  while (last < t_ns.length && (t_ns[last] ?? 0) <= to) last++;
  return { t_ns: t_ns.subarray(first, last), value: value.subarray(first, last) };
}

/** The first index of ascending times that is not before an instant. */
export function firstAtOrAfter(times: Float64Array, t_ns: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < t_ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Grows the streams of one sensor batch by batch. */
export class Recorder {
  readonly sensor: SensorDescription;
  readonly #streams = new Map<Quantity, { t_ns: number[]; value: number[] }>();
  readonly #faults: SamplingFault[] = [];
  readonly #states: NotedState[] = [];
  #sources: readonly SourceTiming[] = [];
  #lost: SensorLoss | null = null;

  constructor(sensor: SensorDescription) {
    this.sensor = sensor;
  }

  /** Adds a batch; points that are not later than those before them (after a step of the clock) are left out. Instants are whole nanoseconds, as they are stored. */
  add(batch: Batch): void {
    for (const [quantity, points] of Object.entries(batch.points) as [Quantity, Points][])
      this.addPoints(quantity, points);
    this.#faults.push(...batch.faults);
  }

  addPoints(quantity: Quantity, points: Points): void {
    const own = this.#streams.get(quantity) ?? { t_ns: [], value: [] };
    this.#streams.set(quantity, own);
    points.t_ns.forEach((exact, index) => {
      const t_ns = Math.round(exact);
      if (t_ns <= (own.t_ns.at(-1) ?? -Infinity)) return;
      own.t_ns.push(t_ns);
      own.value.push(points.value[index] ?? Number.NaN);
    });
  }

  lose(loss: SensorLoss): void {
    this.#lost ??= loss;
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  know(sources: readonly SourceTiming[]): void {
    this.#sources = sources;
  }

  addState(state: NotedState): void {
    this.#states.push(state);
  }

  /** The instant of the newest point of a quantity. */
  newest(quantity: Quantity): number {
    return this.#streams.get(quantity)?.t_ns.at(-1) ?? -Infinity;
  }

  /** What was recorded so far. */
  recording(): Recording {
    const streams = [...this.#streams].map(
      ([quantity, { t_ns, value }]) =>
        [quantity, { t_ns: Float64Array.from(t_ns), value: Float64Array.from(value) }] as const,
    );
    return {
      sensor: this.sensor,
      streams: new Map(streams),
      faults: [...this.#faults],
      lost: this.#lost,
      sources: this.#sources,
      states: [...this.#states],
    };
  }
}
