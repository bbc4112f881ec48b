import { GpuStream, type GpuCadence } from "@lem/engines/host";
import { Recorder, type Recording, type SensorDescription } from "./recording.ts";
import type { EnergySensor, Moment } from "./sensor.ts";

const monotonic = (): number => Number(process.hrtime.bigint());

/** One GPU, sampled by a thread of its own. */
export class GpuSensor implements EnergySensor {
  readonly domain: string;
  readonly #recorder: Recorder;
  readonly #gpu: number;
  readonly #cadence: GpuCadence;
  #stream: GpuStream | undefined;

  constructor(sensor: SensorDescription, gpu: number, cadence: GpuCadence) {
    this.domain = sensor.domain;
    this.#recorder = new Recorder(sensor);
    this.#gpu = gpu;
    this.#cadence = cadence;
  }

  async start(): Promise<void> {
    const stream = new GpuStream({ gpu: this.#gpu, cadence: this.#cadence }, (batch) => this.#recorder.add(batch));
    this.#stream = stream;
    const begun = await stream.started();
    if (begun.status === "failed") this.#recorder.lose({ t_ns: monotonic(), detail: begun.detail });
    else this.#recorder.know(begun.about.sources);
  }

  async readUntil(t_ns: number): Promise<void> {
    if (!this.reaches(t_ns)) await this.#stream?.flush();
  }

  async readState(when: Moment): Promise<void> {
    const state = await this.#stream?.state();
    if (state !== undefined) this.#recorder.addState({ ...state, ...when });
  }

  reaches(t_ns: number): boolean {
    return this.#recorder.newest("power") >= t_ns || (this.#stream?.lost ?? null) !== null;
  }

  recording(): Recording {
    const lost = this.#stream?.lost ?? null;
    if (lost !== null) {
      const newest = this.#recorder.newest("power");
      this.#recorder.lose({ t_ns: Number.isFinite(newest) ? newest : monotonic(), detail: lost });
    }
    return this.#recorder.recording();
  }

  async stop(): Promise<void> {
    await this.#stream?.stop();
  }
}
