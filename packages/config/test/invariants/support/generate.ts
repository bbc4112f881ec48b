import type { Expr, PyValue } from "../../../src/invariants/index.ts";
import { FORMS } from "../../../src/invariants/forms/table.ts";
import { OPERATORS, type OperatorName } from "../../../src/invariants/operators/table.ts";
import { related, valueOf, type Kind } from "./pools.ts";
import type { Random } from "./random.ts";
import { COMPARISONS, UNUSUAL_FACTORS, CLASSES, EXCEPTIONS, PATTERNS, OPERANDS, PRODUCERS } from "./operands.ts";

/** Every operator and form that can be evaluated in Python. */
export const OPS: readonly Expr["op"][] = [...Object.keys(OPERATORS), ...Object.keys(FORMS)].filter(
  (op) => op !== "unknown",
) as Expr["op"][];

/** A random predicate with what it is evaluated on. */
export interface Case {
  readonly root: Expr["op"];
  readonly expr: Expr;
  readonly declared: Map<string, PyValue>;
  readonly defaults: Map<string, PyValue>;
  readonly facts: Map<string, PyValue>;
  readonly domains: Map<string, PyValue>;
  /** Names of fields and facts that nothing is known of. */
  readonly missing: { readonly fields: Set<string>; readonly facts: Set<string> };
}

/** Makes typed expressions, with a wrong type here and there, and the values of the names they use. */
export class Generator {
  readonly #random: Random;
  #case!: Case;
  #scope: string[] = [];
  #missing = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A case around one operator. */
  make(root: Expr["op"]): Case {
    const { chance } = this.#bound();
    const missing = { fields: new Set<string>(), facts: new Set<string>() };
    const maps = { declared: new Map(), defaults: new Map(), facts: new Map(), domains: new Map() };
    this.#case = { root, expr: { op: "const", value: null }, ...maps, missing };
    this.#missing = chance(0.42) ? 0.55 : 0;
    this.#scope = [];
    return { ...this.#case, expr: this.#wrapped(this.#expression(root, 2)) };
  }

  #bound(): { chance: (probability: number) => boolean } {
    return { chance: (probability) => this.#random.chance(probability) };
  }

  /** The operator alone, compared with something, or as a part of a condition. */
  #wrapped(expr: Expr): Expr {
    const random = this.#random;
    if (random.chance(0.45)) return expr;
    if (random.chance(0.35)) return { op: random.pick(["eq", "lt", "ge"] as const), args: [expr, this.#any(0)] };
    const other = this.#condition(1);
    if (random.chance(0.3)) return { op: "not", of: expr };
    const args = random.chance(0.5) ? [expr, other] : [other, expr];
    return { op: random.pick(["all", "any"] as const), args };
  }

  #leaf(kind: Kind): Expr {
    const random = this.#random;
    const wanted: Kind = random.chance(0.06) ? "any" : kind;
    if (this.#scope.length > 0 && random.chance(0.5)) return { op: "var", name: random.pick(this.#scope) };
    if (random.chance(0.4)) return { op: "const", value: valueOf(wanted, random) };
    if (random.chance(0.12)) return this.#fact(wanted);
    if (random.chance(0.08)) return this.#domain(wanted);
    return { op: "field", path: this.#field(wanted) };
  }

  #field(kind: Kind): string {
    const random = this.#random;
    const { declared, defaults, missing } = this.#case;
    const path = `f${random.below(40)}`;
    if (declared.has(path) || defaults.has(path) || missing.fields.has(path)) return path;
    if (random.chance(this.#missing)) missing.fields.add(path);
    else if (random.chance(0.7)) declared.set(path, valueOf(kind, random));
    if (!missing.fields.has(path) && (random.chance(0.5) || !declared.has(path)))
      defaults.set(path, random.chance(0.4) ? (declared.get(path) ?? null) : valueOf(kind, random));
    return path;
  }

  #fact(kind: Kind): Expr {
    const random = this.#random;
    const name = `x.${random.below(20)}`;
    const { facts, missing } = this.#case;
    if (!facts.has(name) && random.chance(this.#missing)) missing.facts.add(name);
    if (!missing.facts.has(name) && !facts.has(name)) facts.set(name, valueOf(kind, random));
    return { op: "fact", name };
  }

  #domain(kind: Kind): Expr {
    const name = `D${this.#random.below(20)}`;
    const { domains } = this.#case;
    if (!domains.has(name)) domains.set(name, valueOf(kind, this.#random));
    return { op: "domain", name };
  }

  #of(kind: Kind, depth: number): Expr {
    if (depth <= 0 || this.#random.chance(0.6)) return this.#leaf(kind);
    return this.#expression(this.#random.pick(PRODUCERS[kind]), depth - 1);
  }

  #any(depth: number): Expr {
    return this.#of(this.#random.pick<Kind>(["number", "text", "bool", "sequence", "any"]), depth);
  }

  #condition(depth: number): Expr {
    return this.#of("bool", depth);
  }

  /** A part under new variables. */
  #scoped(names: readonly string[], make: () => Expr): Expr {
    this.#scope.push(...names);
    const expr = make();
    this.#scope.splice(-names.length);
    return expr;
  }

  #variable(): string {
    return `v${this.#scope.length}`;
  }

  #expression(op: Expr["op"], depth: number): Expr {
    if (Object.hasOwn(OPERATORS, op)) return this.#operator(op as OperatorName, depth);
    const make = this.#forms[op];
    if (make === undefined) throw new Error(`the generator does not know ${op}`);
    return make(depth);
  }

  #operator(op: OperatorName, depth: number): Expr {
    const random = this.#random;
    const kinds = OPERANDS[op] ?? [["any"]];
    if (op === "pow" || op === "mul") return { op, args: this.#bounded(op, depth) };
    if (COMPARISONS.has(op) && random.chance(0.2)) return { op, args: this.#alike() };
    const args = random.pick(kinds).map((kind) => this.#of(kind, depth));
    const variadic =
      OPERATORS[op].operands === "any" || (OPERATORS[op].operands === "some" && op !== "get" && random.chance(0.5));
    if (!variadic) return { op, args };
    const kind = random.pick<Kind>(["small", "number", "text", "any"]);
    return {
      op,
      args: Array.from({ length: random.below(4) + (OPERATORS[op].operands === "some" ? 1 : 0) }, () =>
        this.#of(kind, depth - 1),
      ),
    };
  }

  /** Constants that are easily taken for one another. */
  #alike(): Expr[] {
    const value = valueOf(this.#random.pick<Kind>(["any", "text"]), this.#random);
    return [value, related(value, this.#random)].map((one) => ({ op: "const", value: one }));
  }

  /** Operands of what could fill CPython's memory: one of them is a small constant, or both are constants. */
  #bounded(op: "pow" | "mul", depth: number): Expr[] {
    const random = this.#random;
    const constant = (value: PyValue): Expr => ({ op: "const", value });
    const small = constant(random.chance(0.85) ? valueOf("small", random) : random.pick(UNUSUAL_FACTORS));
    if (op === "pow") return [this.#of("number", depth), small];
    if (random.chance(0.4)) return [constant(valueOf("number", random)), constant(valueOf("number", random))];
    const other = this.#of(random.pick<Kind>(["number", "number", "sequence", "text", "any"]), depth);
    return random.chance(0.5) ? [other, small] : [small, other];
  }

  readonly #quantifier = (op: "every" | "some" | "count", depth: number): Expr => {
    const as = this.#variable();
    if (this.#random.chance(0.1)) return this.#overMixedSet(op, as);
    return {
      op,
      in: this.#of(
        this.#random.chance(0.7) ? "sequence" : this.#random.pick<Kind>(["dict", "set", "set", "text"]),
        depth,
      ),
      as,
      that: this.#scoped([as], () => this.#condition(2)),
    };
  };

  /** A condition that raises for some elements of a set and decides for others, in an order that nobody knows. */
  #overMixedSet(op: "every" | "some" | "count", as: string): Expr {
    const limit: Expr = { op: "const", value: valueOf("small", this.#random) };
    return {
      op,
      in: { op: "const", value: valueOf("set", this.#random) },
      as,
      that: { op: "lt", args: [{ op: "var", name: as }, limit] },
    };
  }

  readonly #typeTest = (op: "type" | "exactType", depth: number): Expr => ({
    op,
    of: this.#of(this.#random.pick<Kind>(["any", "any", "bool", "number"]), depth),
    classes: Array.from({ length: 1 + this.#random.below(2) }, () => this.#random.pick(CLASSES)),
  });

  readonly #presence = (op: "isSet" | "isDefault"): Expr => ({ op, path: this.#field("any") });

  readonly #identity = (op: "is" | "isNot", depth: number): Expr => ({
    op,
    of: this.#of(this.#random.chance(0.5) ? "bool" : "any", depth),
    value: this.#random.pick([null, true, false]),
  });

  readonly #attribute = (op: "attr" | "hasAttr", depth: number): Expr => ({
    op,
    of: this.#of("any", depth),
    name: this.#random.pick(["bias", "name", "items", "values", "upper"]),
  });

  readonly #forms: Partial<Record<Expr["op"], (depth: number) => Expr>> = {
    field: () => ({ op: "field", path: this.#field(this.#random.pick<Kind>(["bool", "number", "text", "any"])) }),
    var: (depth) => this.#expression(this.#random.pick(["every", "some", "count", "let"]), depth),
    fact: () => this.#fact(this.#random.pick<Kind>(["bool", "number", "text", "any"])),
    domain: () => this.#domain(this.#random.pick<Kind>(["bool", "number", "sequence", "any"])),
    all: (depth) => ({ op: "all", args: this.#terms(depth) }),
    any: (depth) => ({ op: "any", args: this.#terms(depth) }),
    not: (depth) => ({ op: "not", of: this.#any(depth) }),
    ite: (depth) => ({ op: "ite", test: this.#condition(depth), yes: this.#any(depth), no: this.#any(depth) }),
    between: (depth) => {
      const kind = this.#random.pick<Kind>(["number", "number", "small", "text"]);
      const [of, low, high] = [this.#of(kind, depth), this.#of(kind, depth - 1), this.#of(kind, depth - 1)];
      return { op: "between", of, low, high, bounds: this.#random.pick(["[]", "[)", "(]", "()"] as const) };
    },
    is: (depth) => this.#identity("is", depth),
    isNot: (depth) => this.#identity("isNot", depth),
    type: (depth) => this.#typeTest("type", depth),
    exactType: (depth) => this.#typeTest("exactType", depth),
    isSet: () => this.#presence("isSet"),
    isDefault: () => this.#presence("isDefault"),
    every: (depth) => this.#quantifier("every", depth),
    some: (depth) => this.#quantifier("some", depth),
    count: (depth) => this.#quantifier("count", depth),
    pairwise: (depth) => {
      const as: [string, string] = [`${this.#variable()}a`, `${this.#variable()}b`];
      return {
        op: "pairwise",
        in: this.#of(this.#random.chance(0.85) ? "sequence" : "any", depth),
        as,
        that: this.#scoped(as, () => this.#condition(2)),
      };
    },
    let: (depth) => {
      const as = this.#variable();
      return {
        op: "let",
        as,
        be: this.#any(depth),
        in: this.#scoped([as], () => this.#of(this.#random.pick<Kind>(["bool", "number"]), 2)),
      };
    },
    raises: (depth) => ({ op: "raises", of: this.#any(depth + 1), exception: this.#random.pick(EXCEPTIONS) }),
    attr: (depth) => this.#attribute("attr", depth),
    hasAttr: (depth) => this.#attribute("hasAttr", depth),
    matches: (depth) => ({ op: "matches", of: this.#of("text", depth), pattern: this.#random.pick(PATTERNS) }),
  };

  #terms(depth: number): Expr[] {
    return Array.from({ length: this.#random.below(4) + (this.#random.chance(0.9) ? 1 : 0) }, () => this.#any(depth));
  }
}
