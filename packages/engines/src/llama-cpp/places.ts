import type { LlamaContext, LlamaContextSequence } from "node-llama-cpp";

/** The places for sequences of a context: who finds none free waits for one. Every sequence given out is empty. */
export class Places {
  readonly #context: LlamaContext;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** Takes all places of a context that nobody else uses. */
  constructor(context: LlamaContext) {
    this.#context = context;
    this.#free = context.totalSequences;
  }

  /** Runs some work on a sequence of its own, and forgets the sequence with all its cached tokens afterwards. */
  async with<T>(work: (sequence: LlamaContextSequence) => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      const sequence = this.#context.getSequence();
      try {
        return await work(sequence);
      } finally {
        await sequence.dispose();
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
