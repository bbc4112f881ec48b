import type { Batch } from "./batch.ts";
import { SamplingThread, type ThreadStart } from "./sampling-thread.ts";
import type { SensorState } from "./sensor-state.ts";
import type { SourceTiming } from "./source-timing.ts";

/** Milliseconds between two readings; null: not read. */
export interface GpuCadence {
  readonly drain_ms: number | null;
  readonly counter_ms: number | null;
  readonly gauges_ms: number | null;
  /** The instantaneous and the averaged power: a voice in the verdict on the samples, never integrated. */
  readonly power_fields_ms: number | null;
}

/**
 * How a GPU is sampled in a run: the driver's ring holds 2.4 s; a tick of the counter costs two or three reads of 4 ms. The
 * power fields are read out of step with their own 100 ms, and with loads of round periods.
 */
export const RUN_CADENCE: GpuCadence = { drain_ms: 1000, counter_ms: 2000, gauges_ms: 500, power_fields_ms: 373 };

/** Nothing is read but what the start itself reads. */
const NO_CADENCE: GpuCadence = { drain_ms: null, counter_ms: null, gauges_ms: null, power_fields_ms: null };

/** What a stream is started with. */
export interface GpuStreamOptions {
  /** The GPU's NVML index. */
  readonly gpu: number;
  readonly cadence: GpuCadence;
}

/** What the thread says of its GPU at its start. */
export interface GpuAbout {
  readonly sources: readonly SourceTiming[];
}

const THREAD = new URL(import.meta.url.endsWith(".ts") ? "./gpu-thread.ts" : "./gpu-thread.js", import.meta.url);

/** The sampling of one GPU on a thread of its own. */
export class GpuStream {
  readonly #thread: SamplingThread<Batch, GpuAbout>;

  constructor(options: GpuStreamOptions, onBatch: (batch: Batch) => void) {
    this.#thread = new SamplingThread({ entry: THREAD, data: options, onBatch });
  }

  /** Why the thread samples no more, or null while it does. */
  get lost(): string | null {
    return this.#thread.lost;
  }

  /** Waits until the sources were watched for a while and the first readings were taken. */
  started(): Promise<ThreadStart<GpuAbout>> {
    return this.#thread.started();
  }

  /** Has the ring drained now; false when the thread does not answer. */
  async flush(): Promise<boolean> {
    return (await this.#thread.ask("flush")) !== undefined;
  }

  /** The state of the GPU; undefined when the thread does not answer. Never asked within a window. */
  async state(): Promise<SensorState | undefined> {
    return (await this.#thread.ask("state")) as SensorState | undefined;
  }

  /** Drains the ring a last time and ends the thread; may be called twice. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

/** Watches the sources of a GPU on a thread of its own, and samples nothing. */
export async function watchSources(gpu: number): Promise<ThreadStart<GpuAbout>> {
  const stream = new GpuStream({ gpu, cadence: NO_CADENCE }, () => undefined);
  try {
    return await stream.started();
  } finally {
    await stream.stop();
  }
}
