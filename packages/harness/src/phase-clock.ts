import type { Emit, Phase, PhaseRecord } from "@lem/domain";

const nowSeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

/** Times the phases of one experiment, reports their edges, and remembers which phase was open when something failed. */
export class PhaseClock {
  readonly #emit: Emit;
  readonly #records: PhaseRecord[] = [];
  #failedIn: Phase | undefined;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Runs work as one phase; the phase is recorded whether the work succeeds or throws. */
  async during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.#emit({ type: "phase-started", phase });
    const start = nowSeconds();
    try {
      return await work();
    } catch (error) {
      this.#failedIn ??= phase;
      throw error;
    } finally {
      const seconds = nowSeconds() - start;
      this.#records.push({ phase, seconds });
      this.#emit({ type: "phase-finished", phase, seconds });
    }
  }

  /** The phases so far, in the order in which they ended. */
  get records(): readonly PhaseRecord[] {
    return this.#records;
  }

  /** The phase in which the first failure happened. */
  get failedIn(): Phase | undefined {
    return this.#failedIn;
  }
}
