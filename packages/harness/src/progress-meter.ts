import type { Emit } from "@lem/domain";

/** At most five events a second: the host's own work must not disturb the engine. */
const SHORTEST_PAUSE_NS = 200_000_000n;

/** Reports the tokens of one run as they arrive, at a bounded rate. */
export class ProgressMeter {
  readonly #emit: Emit;
  readonly #run: { readonly window: number | "warmup"; readonly total: number };
  readonly #startedNs = process.hrtime.bigint();
  #lastNs = this.#startedNs;

  constructor(emit: Emit, run: { readonly window: number | "warmup"; readonly total: number }) {
    this.#emit = emit;
    this.#run = run;
  }

  /** Says that `done` output tokens have arrived. */
  update(done: number): void {
    const now = process.hrtime.bigint();
    if (now - this.#lastNs < SHORTEST_PAUSE_NS && done < this.#run.total) return;
    this.#lastNs = now;
    const seconds = Number(now - this.#startedNs) / 1e9;
    this.#emit({ type: "tokens", ...this.#run, done, tokens_per_second: seconds > 0 ? done / seconds : 0 });
  }
}
