import type { Expr as Predicate } from "@lem/config/invariants";
import type { EntryParameter } from "../candidates/candidate.ts";
import { isConstant } from "./expr/intern.ts";
import { choose, field, isSet, unknown } from "./expr/terms.ts";
import { data, type Value } from "./value.ts";

/** The parameters of one entry, as the constructor asks for them. */
export class Parameters {
  readonly #defaults = new Map<string, Predicate | undefined>();
  /** False once the other keywords are handed to a function that takes none. */
  acceptsOthers = true;

  /** A parameter with a default, which is what it is where the user gave none. */
  withDefault(name: string, otherwise: Predicate): Predicate {
    const known = this.#defaults.get(name);
    if (known === otherwise) return field(name);
    if (known === undefined && !this.#defaults.has(name)) {
      this.#defaults.set(name, isConstant(otherwise) ? otherwise : unknown("a default that is made at run time"));
      if (isConstant(otherwise)) return field(name);
    }
    return choose(isSet(name), field(name), otherwise);
  }

  /** A parameter that must be given. */
  required(name: string): Value {
    if (!this.#defaults.has(name)) this.#defaults.set(name, undefined);
    return data(field(name));
  }

  get list(): readonly EntryParameter[] {
    return [...this.#defaults].map(([name, value]) => ({ name, default: value }));
  }
}
