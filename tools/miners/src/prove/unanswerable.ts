import type { PyValue, Values } from "@lem/config/invariants";
import { valueKey } from "./background.ts";

/** Inputs of more fields tell too little of each. */
const FEW_FIELDS = 2;
/** Lost inputs after which a value is not tried again. */
const MOST_LOST = 4;

/**
 * Values with which the engine hangs or dies: each try costs the whole patience of the probe, and a search asks for
 * hundreds. Told from inputs of few fields, where nothing else can be to blame more often.
 */
export class Unanswerable {
  readonly #counts = new Map<string, { lost: number; answered: number }>();

  /** Takes in how one input went. */
  take(given: Values, isAnswered: boolean): void {
    if (given.size > FEW_FIELDS) return;
    for (const pair of pairsOf(given)) {
      const counts = this.#counts.get(pair) ?? { lost: 0, answered: 0 };
      this.#counts.set(pair, counts);
      counts[isAnswered ? "answered" : "lost"] += 1;
    }
  }

  /** Whether an input holds a value that is not worth another try. */
  holds(given: Values): boolean {
    return pairsOf(given).some((pair) => {
      const { lost, answered } = this.#counts.get(pair) ?? { lost: 0, answered: 0 };
      return lost >= MOST_LOST && lost > answered;
    });
  }
}

const pairsOf = (given: Values): readonly string[] =>
  [...given].map(([name, value]: readonly [string, PyValue]) => `${name} ${valueKey(value)}`);
