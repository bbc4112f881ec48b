import { readCpuState, type RaplStream } from "@lem/engines/host";
import { Recorder, type Recording, type SensorDescription } from "./recording.ts";
import type { EnergySensor, Moment } from "./sensor.ts";

const monotonic = (): number => Number(process.hrtime.bigint());

/** What a sensor of the processor shares with the others of its machine. */
export interface RaplParts {
  readonly stream: RaplStream;
  /** Folder that the machine's files lie in. */
  readonly root: string;
}

/** One counter of the processor: a package or the memory at it. All counters are read by one thread. */
export class RaplSensor implements EnergySensor {
  readonly domain: string;
  readonly #recorder: Recorder;
  readonly #stream: RaplStream;
  readonly #root: string;

  constructor(sensor: SensorDescription, { stream, root }: RaplParts) {
    this.domain = sensor.domain;
    this.#recorder = new Recorder(sensor);
    this.#stream = stream;
    this.#root = root;
    stream.listen(sensor.domain, (batch) => {
      this.#recorder.add(batch);
      const [fault] = batch.faults;
      if (fault !== undefined) this.#recorder.lose({ t_ns: fault.t_ns, detail: fault.detail });
    });
  }

  async start(): Promise<void> {
    const begun = await this.#stream.start();
    if (begun.status === "failed") this.#recorder.lose({ t_ns: monotonic(), detail: begun.detail });
  }

  async readUntil(t_ns: number): Promise<void> {
    if (!this.reaches(t_ns)) await this.#stream.flush();
  }

  async readState(when: Moment): Promise<void> {
    this.#recorder.addState({ ...(await readCpuState({ root: this.#root })), ...when });
  }

  reaches(t_ns: number): boolean {
    return this.#recorder.newest("power") >= t_ns || this.#recorder.isLost || this.#stream.lost !== null;
  }

  recording(): Recording {
    const { lost } = this.#stream;
    if (lost !== null) {
      const newest = this.#recorder.newest("power");
      this.#recorder.lose({ t_ns: Number.isFinite(newest) ? newest : monotonic(), detail: lost });
    }
    return this.#recorder.recording();
  }

  stop(): Promise<void> {
    return this.#stream.stop();
  }
}
