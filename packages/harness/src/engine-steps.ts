import { LemError } from "@lem/domain";
import type { StepColumns, WorkerEvent } from "@lem/engines";

/** Steps of an engine in one run, in their order; instants count from the run's origin. */
export interface EngineSteps {
  readonly t_ns: Float64Array;
  readonly prompt_tokens: Int32Array;
  readonly output_tokens: Int32Array;
  readonly running: Int32Array;
  readonly waiting: Int32Array;
}

/** Joins what a worker tells of its engine's steps in one run. */
export class StepCollector {
  readonly #parts: StepColumns[] = [];

  /** Takes one event of the run; all but `steps` are passed over. @throws LemError `worker.protocol` for torn columns */
  accept(event: WorkerEvent): void {
    if (event.event !== "steps") return;
    const { t_ns } = event;
    const others = [event.prompt_tokens, event.output_tokens, event.running, event.waiting];
    const last = this.#parts.at(-1)?.t_ns.at(-1) ?? 0;
    const ascends = t_ns.every((time, index) => time >= (t_ns[index - 1] ?? last));
    if (ascends && others.every(({ length }) => length === t_ns.length)) this.#parts.push(event);
    else throw new LemError("worker.protocol", "the steps of the engine have torn columns, or run backwards");
  }

  /** The steps; null when the engine tells of none. */
  take(): EngineSteps | null {
    if (this.#parts.length === 0) return null;
    const column = (name: keyof StepColumns): number[] => this.#parts.flatMap((part) => part[name]);
    return {
      t_ns: Float64Array.from(column("t_ns")),
      prompt_tokens: Int32Array.from(column("prompt_tokens")),
      output_tokens: Int32Array.from(column("output_tokens")),
      running: Int32Array.from(column("running")),
      waiting: Int32Array.from(column("waiting")),
    };
  }
}
