import type { RuleSet } from "@lem/config/corpus";
import {
  decodeValue,
  encodeValue,
  parsePredicate,
  pythonLiteral,
  readsOf,
  typeName,
  type Expr,
  type PyValue,
  type Values,
} from "@lem/config/invariants";
import { seededRandom } from "@lem/domain";
import { conditionOf, type Background } from "../prove/background.ts";
import { ModelFinder, type ModelSpace } from "../prove/models.ts";
import { poolsOf, type Pools } from "../prove/pools.ts";

/** Keywords for which a rule holds, and nearby ones for which it does not. */
export interface RuleExample {
  readonly bad: Values | undefined;
  readonly good: Values | undefined;
}

/** Several searches, of which the best example is taken. */
const SEEDS = [1, 2, 3, 4, 5, 6];

const pythonLength = (given: Values): number => [...given.values()].map(pythonLiteral).join().length;

/** Finds examples for the rules of one class, always the same ones. */
export class ExampleFinder {
  readonly #rules: RuleSet;
  readonly #entry: string;
  readonly #profile: string;
  readonly #background: Background;
  readonly #defaults: ReadonlyMap<string, PyValue | undefined>;
  readonly #required: readonly string[];

  constructor(rules: RuleSet, entry: string, profile: string) {
    const held = rules.corpus.entries[entry];
    const facts = rules.corpus.profiles[profile]?.facts ?? {};
    this.#rules = rules;
    this.#entry = entry;
    this.#profile = profile;
    this.#required = held?.required ?? [];
    const defaults = valuesOf(held?.defaults ?? {});
    this.#background = { defaults, facts: valuesOf(facts) };
    this.#defaults = new Map([...this.#required.map((name) => [name, undefined] as const), ...defaults]);
  }

  /** Examples of a rule, with few fields and values of the usual types; undefined parts where none were found. */
  find({ id, when }: { readonly id: string; readonly when: unknown }): RuleExample {
    const predicate = parsePredicate(when);
    const pools = poolsOf([predicate], this.#defaults);
    const found = SEEDS.flatMap((seed) => this.#firing(predicate, pools, seed));
    const [bad] = found.toSorted((a, b) => this.#oddness(a) - this.#oddness(b));
    if (bad === undefined) return { bad, good: undefined };
    return { bad, good: this.#neighbour(bad, id, predicate, pools) };
  }

  #firing(predicate: Expr, pools: Pools, seed: number): readonly Values[] {
    const space: ModelSpace = { background: this.#background, pools, base: new Map(), random: seededRandom(seed) };
    const finder = new ModelFinder(space);
    const found = finder.find(predicate, "true") ?? finder.find(predicate, "raises");
    return found === undefined ? [] : [this.#smallest(found, predicate)];
  }

  /** Few fields first; then values that people would write by mistake, rather than those that nobody would. */
  #oddness(given: Values): number {
    const odd = [...given].filter(([name, value]) => {
      const usual = this.#defaults.get(name);
      const isContainer = typeof value === "object" && value !== null && value.type !== "float";
      return isContainer || (usual !== undefined && usual !== null && typeName(usual) !== typeName(value));
    });
    return 4 * given.size + 2 * odd.length + pythonLength(given) / 1000;
  }

  /** Without every field that the condition does not need. */
  #smallest(given: Values, predicate: Expr): Values {
    const answer = conditionOf(predicate, this.#background);
    const wanted = answer(given);
    for (const name of given.keys()) {
      const rest = new Map([...given].filter(([other]) => other !== name));
      if (answer(rest) === wanted) return this.#smallest(rest, predicate);
    }
    return given;
  }

  /** The nearest input for which it certainly does not hold, and that nothing speaks against if there is one. */
  #neighbour(bad: Values, id: string, predicate: Expr, pools: Pools): Values | undefined {
    const changes = readsOf(predicate).fields.flatMap((path): readonly Values[] => {
      const field = path.split(".")[0] ?? path;
      const usual = this.#defaults.get(field);
      const values = [...(usual === undefined ? [] : [usual]), ...(pools.get(field)?.sharp ?? [])];
      return values.map((value) => new Map([...bad, [field, value] as const]));
    });
    const without = [...bad.keys()].map((name) => new Map([...bad].filter(([other]) => other !== name)));
    const answer = conditionOf(predicate, this.#background);
    const known = [...without, ...changes].filter((given) => answer(given) === "false");
    const all = known.toSorted((a, b) => this.#strangeness(a) - this.#strangeness(b));
    return all.find((given) => this.#says(given).length === 0) ?? all.find((given) => !this.#says(given).includes(id));
  }

  /** A good example gives something, of the usual type. */
  #strangeness(given: Values): number {
    const nones = [...given.values()].filter((value) => value === null).length;
    return given.size === 0 ? 100 : this.#oddness(given) + 3 * nones;
  }

  /** Rules that hold; what is missing is none of them. */
  #says(given: Values): readonly string[] {
    const set = Object.fromEntries([...given].map(([name, value]) => [name, encodeValue(value)]));
    const { rules } = this.#rules.evaluate({ entry: this.#entry, set, profile: this.#profile });
    return rules.map(({ id }) => id).filter((id) => !id.endsWith(".missing-key"));
  }
}

const valuesOf = (tagged: Readonly<Record<string, unknown>>): Values =>
  new Map(Object.entries(tagged).map(([name, value]) => [name, decodeValue(value)]));
