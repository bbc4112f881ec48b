import { missingFromCode } from "../nvml/answer.ts";
import type { Nvml } from "../nvml/bindings.ts";
import type { NvmlCall } from "../nvml/calls.ts";
import type { Gpm } from "../nvml/gpm.ts";
import { BatchBuilder, monotonicOf, type Batch, type Quantity } from "./batch.ts";
import {
  GPU_TEMPERATURE,
  INSTANT_POWER_FIELD,
  MEMORY_CLOCK,
  MEMORY_TEMPERATURE_FIELD,
  SM_CLOCK,
  TOTAL_POWER_SAMPLES,
} from "./nvml-arguments.ts";
import type { CounterReading, FoundTick } from "./tick-finder.ts";
import type { ClockPair, ReadClockPair } from "./wall-clock.ts";

/** One value that is asked for again and again. */
interface Gauge {
  readonly quantity: Quantity;
  readonly call: NvmlCall;
  readonly arg?: number;
  /** What one unit of the answer is in the unit of the quantity. */
  readonly scale: number;
}

const GAUGES: readonly Gauge[] = [
  { quantity: "temperature", call: "nvmlDeviceGetTemperature", arg: GPU_TEMPERATURE, scale: 1 },
  { quantity: "memory_temperature", call: "nvmlDeviceGetFieldValues", arg: MEMORY_TEMPERATURE_FIELD, scale: 1 },
  { quantity: "sm_clock", call: "nvmlDeviceGetClockInfo", arg: SM_CLOCK, scale: 1e6 },
  { quantity: "memory_clock", call: "nvmlDeviceGetClockInfo", arg: MEMORY_CLOCK, scale: 1e6 },
  { quantity: "throttle_reasons", call: "nvmlDeviceGetCurrentClocksEventReasons", scale: 1 },
  { quantity: "gpu_busy", call: "nvmlDeviceGetUtilizationRates", scale: 0.01 },
  { quantity: "memory_used", call: "nvmlDeviceGetMemoryInfo", scale: 1 },
  { quantity: "power_limit", call: "nvmlDeviceGetEnforcedPowerLimit", scale: 1e-3 },
];

const INSTANT: Gauge = {
  quantity: "power_instant",
  call: "nvmlDeviceGetFieldValues",
  arg: INSTANT_POWER_FIELD,
  scale: 1e-3,
};
const AVERAGE: Gauge = { quantity: "power_average", call: "nvmlDeviceGetPowerUsage", scale: 1e-3 };

const COUNTER_CALL = "nvmlDeviceGetTotalEnergyConsumption";

/** What a sampler of one GPU works with. */
export interface GpuSamplerParts {
  readonly nvml: Nvml;
  /** The GPU's NVML index. */
  readonly gpu: number;
  readonly clock: ReadClockPair;
}

const monotonic = (): number => Number(process.hrtime.bigint());

/** Reads the sensors of one GPU on the calling thread and collects what they say. */
export class GpuSampler {
  readonly #parts: GpuSamplerParts;
  readonly #batch = new BatchBuilder();
  readonly #gpm: Gpm | undefined;
  readonly #absent = new Set<Quantity>();
  #pair: ClockPair;
  #lastSample_us = 0;

  constructor(parts: GpuSamplerParts) {
    this.#parts = parts;
    const gpm = parts.nvml.gpm(parts.gpu);
    this.#gpm = gpm.ok ? gpm.value : undefined;
    this.#pair = parts.clock();
    this.#lastSample_us = Math.floor(this.#pair.wall_us);
  }

  /** What was recorded since the last call. */
  take(): Batch {
    this.#batch.add("sampler_cpu", monotonic(), cpuSeconds());
    return this.#batch.take();
  }

  /** Empties the driver's ring of power samples. */
  drain(): void {
    const { nvml, gpu, clock } = this.#parts;
    const before = monotonic();
    const answer = nvml.ask("nvmlDeviceGetSamples/since", gpu, TOTAL_POWER_SAMPLES, this.#lastSample_us);
    const after = monotonic();
    const pair = clock();
    this.#batch.add("clock_offset", pair.monotonic_ns, pair.wall_us - pair.monotonic_ns / 1e3);
    this.#batch.add("drain_cost", before, (after - before) / 1e9);
    if (answer.ok) {
      if (hasStepped(this.#pair, pair)) this.#lastSample_us = Math.floor(pair.wall_us);
      for (const [wall_us, milliwatts] of answer.value as readonly (readonly [number, number])[]) {
        if (wall_us <= this.#lastSample_us || wall_us > pair.wall_us) continue;
        this.#batch.add("power", monotonicOf(wall_us, [this.#pair, pair]), milliwatts / 1e3);
        this.#lastSample_us = wall_us;
      }
    } else this.#fault("nvmlDeviceGetSamples", answer.code);
    this.#pair = pair;
  }

  /** Reads the energy counter; undefined, and noted, when it fails. */
  readCounter(): CounterReading | undefined {
    const from_ns = monotonic();
    const answer = this.#parts.nvml.ask(COUNTER_CALL, this.#parts.gpu);
    if (answer.ok) return { value: Number(answer.value), from_ns, to_ns: monotonic() };
    this.#fault(COUNTER_CALL, answer.code);
    return undefined;
  }

  /** Records a tick of the energy counter, or that it stands still. */
  noteTick(tick: FoundTick): void {
    if (tick.status === "found")
      this.#batch.add("energy_counter", (tick.after_ns + tick.before_ns) / 2, tick.value / 1e3);
    else if (tick.status === "still")
      this.#batch.fault({ t_ns: monotonic(), call: COUNTER_CALL, detail: "the counter stands still" });
  }

  /** Reads temperatures, clocks, throttle reasons, use and limits. */
  readGauges(): void {
    for (const gauge of GAUGES) this.#read(gauge);
    const metrics = this.#gpm?.read();
    const now = monotonic();
    for (const [name, share] of metrics ?? []) this.#batch.add(name, now, share);
  }

  /** Reads the two power fields that are never integrated; for comparisons only. */
  readPowerFields(): void {
    this.#read(INSTANT);
    this.#read(AVERAGE);
  }

  close(): void {
    this.#gpm?.close();
  }

  #read({ quantity, call, arg, scale }: Gauge): void {
    if (this.#absent.has(quantity)) return;
    const { nvml, gpu } = this.#parts;
    const answer = arg === undefined ? nvml.ask(call, gpu) : nvml.ask(call, gpu, arg);
    const now = monotonic();
    if (!answer.ok) {
      this.#absent.add(quantity);
      this.#fault(call, answer.code);
      return;
    }
    const { value } = answer;
    const number = typeof value === "number" ? value : Number((value as { readonly used?: number }).used);
    this.#batch.add(quantity, now, number * scale);
  }

  #fault(call: string, code: number): void {
    this.#batch.fault({ t_ns: monotonic(), call, detail: missingFromCode(code, call).detail });
  }
}

/** A wall clock that moved by more than this against CLOCK_MONOTONIC, in microseconds, was set and not slewed. */
const STEP_US = 5000;

/** After a step the stamps of older samples tell nothing, and lie in the future where the clock was set back. */
const hasStepped = (before: ClockPair, after: ClockPair): boolean =>
  Math.abs(after.wall_us - before.wall_us - (after.monotonic_ns - before.monotonic_ns) / 1e3) > STEP_US;

const cpuSeconds = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
};
