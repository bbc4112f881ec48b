import type { RaplStream } from "@lem/engines/host";
import { Recorder, type Recording, type SensorDescription } from "./recording.ts";
import type { EnergySensor } from "./sensor.ts";

/** One counter of the processor: a package or the memory at it. */
export class RaplSensor implements EnergySensor {
  readonly #sensor: SensorDescription;
  readonly #stream: RaplStream;

  constructor(sensor: SensorDescription, stream: RaplStream) {
    this.#sensor = sensor;
    this.#stream = stream;
  }

  get domain(): string {
    return this.#sensor.domain;
  }

  start(): Promise<void> {
    this.#stream.start();
    return Promise.resolve();
  }

  readUntil(t_ns: number): Promise<void> {
    if (!this.reaches(t_ns)) this.#stream.read();
    return Promise.resolve();
  }

  reaches(t_ns: number): boolean {
    const { points, fault } = this.#stream.pointsOf(this.#sensor.domain);
    return fault !== null || (points.t_ns.at(-1) ?? 0) >= t_ns;
  }

  recording(): Recording {
    const { points, fault } = this.#stream.pointsOf(this.#sensor.domain);
    const recorder = new Recorder(this.#sensor);
    recorder.addPoints("power", points);
    if (fault !== null) recorder.lose({ t_ns: points.t_ns.at(-1) ?? 0, detail: fault });
    return recorder.recording();
  }

  stop(): Promise<void> {
    this.#stream.stop();
    return Promise.resolve();
  }
}
