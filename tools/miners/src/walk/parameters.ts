import { isObject, type Expr as Predicate, type PyValue, type Values } from "@lem/config/invariants";
import type { EntryParameter } from "../candidates/candidate.ts";
import { constant, isConstant } from "./expr/intern.ts";
import { choose, field, isSet, unknown } from "./expr/terms.ts";
import { data, type Value } from "./value.ts";

/** An object's attributes may be more than what is told of them. */
const isLossy = (value: PyValue): boolean => isObject(value) && value.attributes.size === 0;

/** The parameters of one entry, as the constructor asks for them. */
export class Parameters {
  readonly #defaults = new Map<string, Predicate | undefined>();
  readonly #told: Values;

  /** `told` are defaults as the live class has them. */
  constructor(told: Values = new Map()) {
    this.#told = told;
  }

  /** False once the other keywords are handed to a function that takes none. */
  acceptsOthers = true;

  /** A parameter with a default, which is what it is where the user gave none. */
  withDefault(name: string, written: Predicate): Predicate {
    const told = this.#told.get(name);
    const otherwise = told === undefined || isLossy(told) ? written : constant(told);
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
