import { setTimeout as sleep } from "node:timers/promises";
import { unavailable, type Reading, type UnavailableReading } from "@lem/domain";
import { missingFromCode } from "../nvml/answer.ts";
import type { Nvml } from "../nvml/bindings.ts";
import type { NvmlCall } from "../nvml/calls.ts";
import { CounterWatch, type ReadCounter } from "./counter-watch.ts";
import { INSTANT_POWER_FIELD, TOTAL_POWER_SAMPLES } from "./nvml-arguments.ts";
import { changePeriod, medianOf, NEEDS_A_STEP, type SourceTiming } from "./source-timing.ts";
import type { ReadClockPair } from "./wall-clock.ts";

/** What sources are watched with. */
export interface DiscoveryParts {
  readonly nvml: Nvml;
  /** The GPU's NVML index. */
  readonly gpu: number;
  readonly clock: ReadClockPair;
  /** Reads CLOCK_MONOTONIC in nanoseconds. */
  readonly now?: () => number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** What watching told. */
export interface Discovery {
  readonly sources: readonly SourceTiming[];
  /** When the counter was seen to change last. */
  readonly tick_ns: number | undefined;
}

/** Nanoseconds after which watching ends: six updates of 100 ms. */
const WATCH_NS = 650e6;
/** Changes of each value after which it ends before. */
const ENOUGH_CHANGES = 6;
/** Milliseconds between two rounds of readings. */
const ROUND_MS = 2;
/** Nanoseconds between two readings of the ring, whose samples come 20 ms apart. */
const RING_NS = 5e6;
const GPM_CALLS = 4;

const monotonic = (): number => Number(process.hrtime.bigint());

/** Watches every source of a GPU for {@link WATCH_NS}, on the calling thread: the machine should be idle. */
export async function discoverSources(parts: DiscoveryParts): Promise<Discovery> {
  const { nvml, gpu, clock, now = monotonic, pause = sleep } = parts;
  const ask = (call: NvmlCall, ...args: readonly number[]): Watched => new Watched(nvml, [call, gpu, ...args], now);
  const counter = new CounterWatch(() => readCounter(nvml, gpu), now);
  const instant = ask("nvmlDeviceGetFieldValues", INSTANT_POWER_FIELD);
  const average = ask("nvmlDeviceGetPowerUsage");
  const ring = new RingWatch({ nvml, gpu, clock, now });
  for (const begin = now(); now() - begin < WATCH_NS;) {
    instant.poll();
    average.poll();
    counter.poll();
    ring.poll();
    if (counter.dueNs > now() + ROUND_MS * 1e6) await pause(ROUND_MS);
  }
  return {
    sources: [
      ring.timing(),
      counter.timing(),
      instant.timing("instant"),
      average.timing("average"),
      gpmTiming(nvml, gpu, now),
    ],
    tick_ns: counter.changes.at(-1),
  };
}

function readCounter(nvml: Nvml, gpu: number): ReturnType<ReadCounter> {
  const call = "nvmlDeviceGetTotalEnergyConsumption";
  const answer = nvml.ask(call, gpu);
  return answer.ok ? { value: Number(answer.value) } : { failure: failureOf(answer.code, call) };
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

  poll(): void {
    if (this.#failure !== undefined || this.#changes.length >= ENOUGH_CHANGES) return;
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

type RingParts = Required<Omit<DiscoveryParts, "pause">>;

const SAMPLES_CALL = "nvmlDeviceGetSamples";

/** The driver's ring of power samples: what it holds at first, and when new samples turn up. */
class RingWatch {
  readonly #parts: RingParts;
  readonly #costs: number[] = [];
  readonly #delays: number[] = [];
  readonly #stamps_us: number[] = [];
  #last_us = 0;
  #dueNs = 0;
  #failure: UnavailableReading | undefined;

  constructor(parts: RingParts) {
    this.#parts = parts;
    this.poll();
  }

  poll(): void {
    if (this.#failure !== undefined) return;
    const { nvml, gpu, clock, now } = this.#parts;
    const before = now();
    if (before < this.#dueNs) return;
    const answer = nvml.ask("nvmlDeviceGetSamples/since", gpu, TOTAL_POWER_SAMPLES, this.#last_us);
    const cost = now() - before;
    if (!answer.ok) {
      this.#failure = failureOf(answer.code, SAMPLES_CALL);
      return;
    }
    this.#costs.push(cost);
    this.#dueNs = before + RING_NS;
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
