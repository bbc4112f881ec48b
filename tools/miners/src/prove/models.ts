import { readsOf, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { conditionOf, type Answer, type Background } from "./background.ts";
import type { Pools } from "./pools.ts";

/** The user does not give the field. */
export const UNSET: unique symbol = Symbol("unset");

/** A field's value in a draft of an input. */
export type Choice = PyValue | typeof UNSET;

/** A source of numbers from 0 up to 1. */
export type Random = () => number;

/** One of the items. */
export const pick = <T>(items: readonly T[], random: Random): T | undefined =>
  items[Math.floor(random() * items.length)];

type Draft = Map<string, Choice>;

/** What the search for inputs draws from. */
export interface ModelSpace {
  readonly background: Background;
  readonly pools: Pools;
  /** Fields without which nothing can be constructed, with values that are accepted. */
  readonly base: Values;
  readonly random: Random;
}

type Want = Exclude<Answer, "unknown">;

const RESTARTS = 12;
const DRAWS = 40;

/** Finds inputs for which a predicate comes to a wanted result, by choosing values part by part. */
export class ModelFinder {
  readonly #space: ModelSpace;
  readonly #conditions = new Map<Expr, (given: Values) => Answer>();
  readonly #fields = new Map<Expr, readonly string[]>();

  constructor(space: ModelSpace) {
    this.#space = space;
  }

  /** An input, over the base; undefined when the search finds none. */
  find(predicate: Expr, want: Want): Values | undefined {
    for (let attempt = 0; attempt < RESTARTS; attempt += 1) {
      const draft: Draft = new Map();
      this.#solve(predicate, want, draft);
      const given = this.given(draft);
      if (this.answer(predicate, given) === want) return given;
    }
    return undefined;
  }

  /** What a predicate comes to. */
  answer(predicate: Expr, given: Values): Answer {
    const known = this.#conditions.get(predicate) ?? conditionOf(predicate, this.#space.background);
    this.#conditions.set(predicate, known);
    return known(given);
  }

  /** A draft as an input: what it leaves open is as in the base. */
  given(draft: ReadonlyMap<string, Choice>): Values {
    const given = new Map(this.#space.base);
    for (const [field, choice] of draft) {
      if (choice === UNSET) given.delete(field);
      else given.set(field, choice);
    }
    return given;
  }

  #solve(expr: Expr, want: Want, draft: Draft): boolean {
    switch (expr.op) {
      case "not":
        return this.#solve(expr.of, flipped(want), draft);
      case "all":
        return this.#junction(expr.args, want, "false", draft);
      case "any":
        return this.#junction(expr.args, want, "true", draft);
      case "ite":
        return this.#branch(expr, want, draft);
      case "truthy":
        return isLogic(expr.args[0]) ? this.#solve(expr.args[0] as Expr, want, draft) : this.#atom(expr, want, draft);
      default:
        return this.#atom(expr, want, draft);
    }
  }

  /** `stop` is the result of an operand at which the others are not evaluated. */
  #junction(args: readonly Expr[], want: Want, stop: "true" | "false", draft: Draft): boolean {
    const pass = flipped(stop);
    const last = want === pass ? args.length : Math.floor(this.#space.random() * args.length);
    const before = hardestFirst(args.slice(0, last)).every((arg) => this.#solve(arg, pass, draft));
    const at = args[last];
    return before && (at === undefined || this.#solve(at, want, draft));
  }

  #branch({ test, yes, no }: Extract<Expr, { op: "ite" }>, want: Want, draft: Draft): boolean {
    const taken = this.#space.random() < 0.5;
    return this.#solve(test, taken ? "true" : "false", draft) && this.#solve(taken ? yes : no, want, draft);
  }

  /** Draws values for the fields that the draft leaves open. */
  #atom(expr: Expr, want: Want, draft: Draft): boolean {
    const fields = this.#fields.get(expr) ?? readsOf(expr).fields.map((path) => path.split(".")[0] ?? path);
    this.#fields.set(expr, fields);
    const open = fields.filter((field) => !draft.has(field));
    const [only] = open;
    const holds = (): boolean => this.answer(expr, this.given(draft)) === want;
    if (open.length === 1 && only !== undefined) return this.#anyOf(only, draft, holds);
    for (let draw = 0; draw < (open.length === 0 ? 1 : DRAWS); draw += 1) {
      const isBare = draw % 4 === 0;
      for (const field of open) draft.set(field, isBare ? this.#nothing(field) : this.choice(field));
      if (holds()) return true;
    }
    for (const field of open) draft.delete(field);
    return false;
  }

  /** Mostly no value: some conditions ask that nothing of many is given. */
  #nothing(field: string): Choice {
    const { random, base } = this.#space;
    const roll = random();
    if (roll < 0.1) return this.choice(field);
    return roll < 0.5 || base.has(field) ? null : UNSET;
  }

  /** Tries all values of one field, those near what it is compared with first. */
  #anyOf(field: string, draft: Draft, holds: () => boolean): boolean {
    const { random, pools } = this.#space;
    const { sharp = [], wild = [] } = pools.get(field) ?? {};
    const some: readonly Choice[] = [this.choice(field), this.choice(field)];
    for (const choice of [...some, ...shuffled(sharp, random), ...shuffled(wild, random), UNSET] as const) {
      draft.set(field, choice);
      if (holds()) return true;
    }
    draft.delete(field);
    return false;
  }

  /** A value from a field's pool, mostly one near what it is compared with; sometimes none. */
  choice(field: string): Choice {
    const { random, pools, base } = this.#space;
    const roll = random();
    const pool = pools.get(field);
    if (pool === undefined || (roll < 0.12 && !base.has(field))) return UNSET;
    return pick(roll < 0.85 ? pool.sharp : pool.wild, random) ?? UNSET;
  }
}

/** Conditions that almost any value meets come last: the others decide what it is. */
const WEAK: readonly string[] = ["isNot", "notNone", "ne", "not", "truthy", "isSet", "const"];

const hardestFirst = (args: readonly Expr[]): readonly Expr[] =>
  args.toSorted((a, b) => WEAK.indexOf(a.op) - WEAK.indexOf(b.op));

/** The items in a random order. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

const flipped = <W extends Want>(want: W): W => (want === "raises" ? want : want === "true" ? "false" : "true") as W;

const isLogic = (expr: Expr | undefined): boolean =>
  expr !== undefined && ["all", "any", "not", "ite", "truthy"].includes(expr.op);
