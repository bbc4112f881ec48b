import type { PyValue } from "@lem/config/invariants";
import type { GroundAnswer } from "../../candidates/ground.ts";
import { constant } from "../../walk/expr/intern.ts";
import { fact, unknown } from "../../walk/expr/terms.ts";
import type { Data } from "./value.ts";
import { data, NULL, UNDEFINED } from "./semantics.ts";

/** Asks for the values at dotted paths of objects that the probe holds. */
export type LiveResolver = (paths: readonly string[]) => Promise<readonly GroundAnswer[]>;

const MAX_ROUNDS = 8;

/** Values of objects that live in the probe. The walk never waits: it notes what it lacks, and is repeated. */
export class LiveBook {
  readonly #answers = new Map<string, GroundAnswer>();
  readonly #pending = new Set<string>();
  readonly #facts = new Map<string, PyValue>();
  readonly #machine: string | null;

  /** What lies beneath a path is the machine's; all else is what the engine itself makes of nothing. */
  constructor(machine: string | null) {
    this.#machine = machine;
  }

  #isMachine(path: string): boolean {
    return this.#machine !== null && path.startsWith(`${this.#machine}.`);
  }

  /** The value at a path as data: a fact of the machine, where it is one. */
  data(path: string): Data {
    const answer = this.#answers.get(path);
    if (answer === undefined) this.#pending.add(path);
    if (answer?.kind === "unavailable") return UNDEFINED;
    if (answer?.kind !== "value") return data(unknown(`${path} of a running engine`));
    const { value } = answer;
    if (value === null) return NULL;
    const js = jsTypeOf(value);
    if (js === undefined) return data(constant(value));
    if (!this.#isMachine(path)) return data(constant(value), js);
    this.#facts.set(path, value);
    return data(fact(path), js);
  }

  /** Whether an object is there that has no form as data. */
  isThing(path: string): boolean {
    this.data(path);
    return this.#answers.get(path)?.kind === "opaque";
  }

  /** Facts that predicates may read, with their values here. */
  get facts(): Readonly<Record<string, PyValue>> {
    return Object.fromEntries([...this.#facts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Repeats work until it asks for nothing new. */
  async settle<T>(work: () => T, resolve: LiveResolver): Promise<T> {
    for (let round = 0; ; round += 1) {
      this.#pending.clear();
      const result = work();
      const asked = [...this.#pending];
      if (asked.length === 0 || round >= MAX_ROUNDS) return result;
      const answers = await resolve(asked);
      for (const [place, path] of asked.entries())
        this.#answers.set(path, answers[place] ?? { kind: "unavailable", reason: "no answer" });
    }
  }
}

function jsTypeOf(value: PyValue): Data["js"] {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  return value !== null && value.type === "float" ? "number" : undefined;
}
