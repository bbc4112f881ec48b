import type { PyValue } from "@lem/config/invariants";
import type { GroundAnswer, GroundQuestion, GroundResolver } from "../candidates/ground.ts";

/** Rounds of asking: an answer can open a way to more questions, but not endlessly. */
const MAX_ROUNDS = 8;

/**
 * Answers about the installed engine, by place in the source. The walk itself never waits: what is not known yet is noted,
 * asked, and walked again.
 */
export class GroundBook {
  readonly #answers = new Map<string, GroundAnswer>();
  readonly #pending = new Map<string, GroundQuestion>();
  readonly #facts = new Map<string, PyValue>();

  /** The answer to a question; undefined while it is not known. */
  ask(question: GroundQuestion): GroundAnswer | undefined {
    const key = keyOf(question);
    const known = this.#answers.get(key);
    if (known === undefined) this.#pending.set(key, question);
    return known;
  }

  /** Remembers what a fact is on this machine. */
  state(name: string, value: PyValue): void {
    this.#facts.set(name, value);
  }

  /** Facts that predicates read, with their values here. */
  get facts(): Readonly<Record<string, PyValue>> {
    return Object.fromEntries([...this.#facts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Runs work until it asks nothing new. */
  async settle<T>(work: () => T, resolver: GroundResolver): Promise<T> {
    for (let round = 0; ; round += 1) {
      this.#pending.clear();
      const result = work();
      if (this.#pending.size === 0 || round >= MAX_ROUNDS) return result;
      // Asked at once: the resolver puts them together, and a walk may have hundreds.
      const asked = [...this.#pending].map(async ([key, question]) => [key, await resolver.resolve(question)] as const);
      for (const [key, answer] of await Promise.all(asked)) this.#answers.set(key, answer);
    }
  }
}

const keyOf = ({ path, span }: GroundQuestion): string =>
  `${path}:${span.line}:${span.column}:${span.endLine}:${span.endColumn}`;

/** A resolver for a walk without an installed engine: every fact stays open. */
export const NO_ENGINE: GroundResolver = {
  resolve: () => Promise.resolve({ kind: "unavailable", reason: "no engine is installed" }),
};
