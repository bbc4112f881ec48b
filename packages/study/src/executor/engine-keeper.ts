import type { KeptLoaded } from "@lem/domain";
import type { ConversationTerms, Requests } from "@lem/engines";
import { servesLoad, type KeptEngine } from "@lem/harness";

/** A run of a study. */
export type RunName = Pick<KeptLoaded, "experiment_id" | "cycle">;

/** A loaded engine with the run that loaded it. */
export interface HeldEngine extends KeptEngine {
  readonly loaded_by: RunName;
  /** Milliseconds on the monotonic clock. */
  readonly loaded_at: number;
}

/** Holds the loaded engine that one run leaves to the next: one at most. */
export class EngineKeeper {
  #held: HeldEngine | undefined;

  /**
   * Gives the engine away if it serves a load, under the terms of the run that takes it; ends it otherwise.
   * @throws LemError `io.*`
   */
  async take(wanted: Requests["load"], terms: ConversationTerms): Promise<HeldEngine | undefined> {
    const held = this.#held;
    if (held === undefined) return undefined;
    if (!held.session.isOpen() || !servesLoad(held, wanted)) {
      await this.release();
      return undefined;
    }
    // Held until it is taken: what throws here leaves it to `release`.
    await held.session.handOver(terms);
    this.#held = undefined;
    return held;
  }

  leave(engine: HeldEngine): void {
    this.#held = engine;
  }

  /** Ends the engine that is held, in order. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.session.close();
  }
}

/** What a result says of an engine that a run took over. */
export const keptLoaded = ({ loaded_by, loaded_at }: HeldEngine): KeptLoaded => ({
  ...loaded_by,
  age_s: (performance.now() - loaded_at) / 1000,
});
