import { describe, expect, it } from "vitest";
import {
  compileTruth,
  evaluate,
  parsePredicate,
  parsePredicateYaml,
  printPredicate,
  printPredicateYaml,
  SlotTable,
  verdictOf,
  type Expr,
  type PyValue,
  type Truth,
} from "../../src/invariants/index.ts";
import { casesOf } from "./support/batch.ts";
import type { Case } from "./support/generate.ts";
import { completion } from "./support/pools.ts";
import { Random } from "./support/random.ts";

const CASES = casesOf(99, 6_000);

function truthOf(one: Pick<Case, "declared" | "defaults" | "facts" | "domains">, expr: Expr): Truth {
  const slots = new SlotTable();
  const truth = compileTruth(expr, { slots, domains: one.domains });
  return truth(slots.frame(one));
}

describe("codec", () => {
  it("a predicate survives JSON", () => {
    for (const { expr } of CASES)
      expect(parsePredicate(JSON.parse(JSON.stringify(printPredicate(expr))))).toEqual(expr);
  });

  it("a predicate survives YAML", () => {
    for (const { expr } of CASES.slice(0, 1_500)) expect(parsePredicateYaml(printPredicateYaml(expr))).toEqual(expr);
  });
});

describe("laws", () => {
  it("a decided predicate stays decided when more becomes known", () => {
    const random = new Random(5);
    for (const one of CASES) {
      const before = truthOf(one, one.expr);
      if (typeof before === "object" && before.type === "unknown") continue;
      const more = {
        ...one,
        defaults: filled(one.defaults, one.missing.fields, random),
        facts: filled(one.facts, one.missing.facts, random),
      };
      const now = truthOf(more, one.expr);
      const open = typeof now === "object" && now.type === "unknown" && now.reason !== "missing";
      expect(open || verdictOf(now).result === verdictOf(before).result).toBe(true);
    }
  });

  it("double negation and De Morgan keep the truth", () => {
    for (const [index, one] of CASES.entries()) {
      const other = CASES[(index + 7) % CASES.length]?.expr as Expr;
      const not = (of: Expr): Expr => ({ op: "not", of });
      const merged = {
        ...one,
        domains: new Map([...(CASES[(index + 7) % CASES.length]?.domains ?? []), ...one.domains]),
      };
      expect(truthOf(one, not(not(one.expr)))).toEqual(truthOf(one, one.expr));
      expect(truthOf(merged, not({ op: "all", args: [one.expr, other] }))).toEqual(
        truthOf(merged, { op: "any", args: [not(one.expr), not(other)] }),
      );
    }
  });

  it("mirrored comparisons agree", () => {
    const random = new Random(11);
    const nothing = { declared: new Map(), defaults: new Map(), facts: new Map(), domains: new Map() };
    const kind = (op: "lt" | "gt" | "le" | "ge" | "eq" | "ne", a: PyValue, b: PyValue): Truth =>
      truthOf(nothing, {
        op,
        args: [
          { op: "const", value: a },
          { op: "const", value: b },
        ],
      });
    for (let round = 0; round < 20_000; round += 1) {
      const [a, b] = [completion(random, []), completion(random, [])];
      expect(kind("lt", a, b)).toEqual(kind("gt", b, a));
      expect(kind("le", a, b)).toEqual(kind("ge", b, a));
      expect(kind("eq", a, b)).toEqual(kind("eq", b, a));
      const equal = kind("eq", a, b);
      expect(kind("ne", a, b)).toEqual(typeof equal === "boolean" ? !equal : equal);
    }
  });

  it("three-valued logic is exact where each fact is read once", () => {
    const facts = ["p", "q", "r"];
    for (const expr of readOnce(facts)) {
      for (const known of assignments(facts)) {
        const verdict = evaluate(expr, { declared: new Map(), facts: known }).result;
        const open = facts.filter((name) => !known.has(name));
        const outcomes = completions(open).map(
          (rest) => evaluate(expr, { declared: new Map(), facts: new Map([...known, ...rest]) }).result,
        );
        expect(verdict).toBe(new Set(outcomes).size === 1 ? outcomes[0] : "unknown");
      }
    }
  });
});

function filled(values: ReadonlyMap<string, PyValue>, names: Iterable<string>, random: Random): Map<string, PyValue> {
  return new Map([...values, ...[...names].map((name) => [name, completion(random, [])] as const)]);
}

/** All combinations of three facts by `and`, `or` and `not`. */
function readOnce([p, q, r]: readonly string[]): readonly Expr[] {
  const fact = (name = ""): Expr => ({ op: "fact", name });
  const signed = (of: Expr): readonly Expr[] => [of, { op: "not", of }];
  const joined = (a: Expr, b: Expr): readonly Expr[] => [
    { op: "all", args: [a, b] },
    { op: "any", args: [a, b] },
  ];
  return signed(fact(p)).flatMap((a) =>
    signed(fact(q)).flatMap((b) =>
      joined(a, b)
        .flatMap(signed)
        .flatMap((inner) => joined(inner, fact(r))),
    ),
  );
}

/** Every assignment of true, false or nothing. */
function assignments(names: readonly string[]): readonly Map<string, PyValue>[] {
  return names.reduce<readonly Map<string, PyValue>[]>(
    (maps, name) => maps.flatMap((map) => [map, new Map([...map, [name, true]]), new Map([...map, [name, false]])]),
    [new Map()],
  );
}

const completions = (names: readonly string[]): readonly Map<string, PyValue>[] =>
  assignments(names).filter((map) => map.size === names.length);
