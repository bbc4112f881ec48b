import { unavailable, type Reading, type UnavailableReading } from "@lem/domain";
import { missingFromCode } from "../nvml/answer.ts";
import type { Nvml } from "../nvml/bindings.ts";
import type { NvmlCall } from "../nvml/calls.ts";
import { INSTANT_POWER_FIELD, TOTAL_POWER_SAMPLES } from "./nvml-arguments.ts";
import { changePeriod, medianOf, type SourceTiming } from "./source-timing.ts";
import type { ReadClockPair } from "./wall-clock.ts";

/** What sources are watched with. */
export interface DiscoveryParts {
  readonly nvml: Nvml;
  /** The GPU's NVML index. */
  readonly gpu: number;
  readonly clock: ReadClockPair;
  /** Reads CLOCK_MONOTONIC in nanoseconds. */
  readonly now?: () => number;
}

/** Nanoseconds after which watching ends: six updates of 100 ms. */
const WATCH_NS = 650e6;
/** Changes of each value after which it ends before. */
const ENOUGH_CHANGES = 6;
const GPM_CALLS = 4;

const monotonic = (): number => Number(process.hrtime.bigint());

const NEEDS_A_STEP: UnavailableReading = unavailable(
  "not-applicable",
  "told by a change of load only; a run tells it from its own",
);

/** Watches every source of a GPU for at most {@link WATCH_NS}, on the calling thread: the machine should be idle. */
export function discoverSources({ nvml, gpu, clock, now = monotonic }: DiscoveryParts): readonly SourceTiming[] {
  const ask = (call: NvmlCall, ...args: readonly number[]): Watched => new Watched(nvml, [call, gpu, ...args], now);
  const counter = ask("nvmlDeviceGetTotalEnergyConsumption");
  const instant = ask("nvmlDeviceGetFieldValues", INSTANT_POWER_FIELD);
  const average = ask("nvmlDeviceGetPowerUsage");
  const ring = new RingWatch({ nvml, gpu, clock, now });
  const values = [instant, average, counter];
  for (const begin = now(); now() - begin < WATCH_NS && !values.every((each) => each.done);) {
    for (const value of values) value.poll();
    ring.poll();
  }
  return [
    ring.timing(),
    counter.timing("counter"),
    instant.timing("instant"),
    average.timing("average"),
    gpmTiming(nvml, gpu, now),
  ];
}

type Question = Parameters<Nvml["ask"]>;

/** A value that is read again and again until it has changed often enough. */
class Watched {
  readonly #ask: () => ReturnType<Nvml["ask"]>;
  readonly #call: NvmlCall;
  readonly #now: () => number;
  readonly #costs: number[] = [];
  readonly #changes: number[] = [];
  #last: number | undefined;
  #readAt = 0;
  #failure: UnavailableReading | undefined;

  constructor(nvml: Nvml, question: Question, now: () => number) {
    this.#ask = () => nvml.ask(...question);
    this.#call = question[0];
    this.#now = now;
  }

  get done(): boolean {
    return this.#failure !== undefined || this.#changes.length >= ENOUGH_CHANGES;
  }

  poll(): void {
    if (this.#failure !== undefined) return;
    const before = this.#now();
    const answer = this.#ask();
    const after = this.#now();
    if (!answer.ok) {
      this.#failure = failureOf(answer.code, this.#call);
      return;
    }
    this.#costs.push(after - before);
    const value = Number(answer.value);
    if (this.#last !== undefined && value !== this.#last) this.#changes.push((this.#readAt + before) / 2);
    this.#last = value;
    this.#readAt = after;
  }

  timing(source: SourceTiming["source"]): SourceTiming {
    const failure = this.#failure;
    if (failure !== undefined) return missingTiming(source, failure);
    return {
      source,
      period: changePeriod(this.#changes, `${this.#call}, its changes`),
      delay: NEEDS_A_STEP,
      call_cost: medianOf(this.#costs, `${this.#call}, median call`),
    };
  }
}

const SAMPLES_CALL = "nvmlDeviceGetSamples";

/** The driver's ring of power samples: what it holds at first, and when new samples turn up. */
class RingWatch {
  readonly #parts: Required<DiscoveryParts>;
  readonly #costs: number[] = [];
  readonly #delays: number[] = [];
  readonly #stamps_us: number[] = [];
  #last_us = 0;
  #failure: UnavailableReading | undefined;

  constructor(parts: Required<DiscoveryParts>) {
    this.#parts = parts;
    this.poll();
  }

  poll(): void {
    if (this.#failure !== undefined) return;
    const { nvml, gpu, clock, now } = this.#parts;
    const before = now();
    const answer = nvml.ask("nvmlDeviceGetSamples/since", gpu, TOTAL_POWER_SAMPLES, this.#last_us);
    const cost = now() - before;
    if (!answer.ok) {
      this.#failure = failureOf(answer.code, SAMPLES_CALL);
      return;
    }
    this.#costs.push(cost);
    const seen = (answer.value as readonly (readonly [number, number])[]).map(([stamp_us]) => stamp_us);
    const fresh = seen.filter((stamp_us) => stamp_us > this.#last_us);
    const { wall_us } = clock();
    if (this.#stamps_us.length > 0) this.#delays.push(...fresh.map((stamp_us) => 1e3 * (wall_us - stamp_us)));
    this.#stamps_us.push(...fresh);
    this.#last_us = fresh.at(-1) ?? this.#last_us;
  }

  timing(): SourceTiming {
    if (this.#failure !== undefined) return missingTiming("ring", this.#failure);
    const stamps = this.#stamps_us;
    const spacing = stamps.slice(1).map((stamp_us, index) => 1e3 * (stamp_us - (stamps[index] ?? stamp_us)));
    return {
      source: "ring",
      period: medianOf(spacing, `${SAMPLES_CALL}, spacing of its time stamps`),
      delay: medianOf(this.#delays, `${SAMPLES_CALL}, from a time stamp until it was there`),
      call_cost: medianOf(this.#costs, `${SAMPLES_CALL}, median call`),
    };
  }
}

function gpmTiming(nvml: Nvml, gpu: number, now: () => number): SourceTiming {
  const opening = nvml.gpm(gpu);
  if (!opening.ok) return missingTiming("gpm", failureOf(opening.code, "nvmlGpmQueryDeviceSupport"));
  const costs: number[] = [];
  for (let call = 0; call < GPM_CALLS; call++) {
    const before = now();
    opening.value.read();
    costs.push(now() - before);
  }
  opening.value.close();
  const none = unavailable("not-applicable", "told between any two snapshots that the reader takes");
  return { source: "gpm", period: none, delay: none, call_cost: medianOf(costs, "nvmlGpmMetricsGet, median call") };
}

const failureOf = (code: number, call: string): UnavailableReading => {
  const { reason, detail } = missingFromCode(code, call);
  return unavailable(reason, detail);
};

const missingTiming = (source: SourceTiming["source"], missing: Reading): SourceTiming => ({
  source,
  period: missing,
  delay: missing,
  call_cost: missing,
});
