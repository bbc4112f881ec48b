import { describe, expect, it } from "vitest";
import type { CorpusEntry } from "../../src/corpus/corpus.ts";
import { problemsOf } from "../../src/corpus/problems.ts";
import type { RuleSet } from "../../src/corpus/rule-set.ts";
import { decodeValue } from "../../src/invariants/index.ts";
import { fixtureRules, rule, rulesOf } from "./support.ts";

const GENERATION = "transformers.GenerationConfig";
const BNB = "transformers.BitsAndBytesConfig";

/** `severity: message -> hint` of each problem. */
function explained(rules: RuleSet, entry: string, set: Readonly<Record<string, unknown>>): readonly string[] {
  const compiled = rules.entry(entry);
  if (compiled === undefined) throw new Error(`no rules of ${entry}`);
  const declared = new Map(Object.entries(set).map(([name, value]) => [name, decodeValue(value)]));
  const verdict = compiled.judge(declared, "cpu");
  const all = problemsOf("vllm", { entry: compiled, declared, verdict });
  return all.map(({ severity, message, hint }) => `${severity}: ${message} -> ${hint}`);
}

it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  [GENERATION, { max_new_tokens: 5 }, []],
  [
    GENERATION,
    { max_new_tokens: -3 },
    ["error: vllm refuses max_new_tokens -3: it must be more than 0 -> write max_new_tokens: 1"],
  ],
  [
    GENERATION,
    { max_new_tokens: "16" },
    ['error: vllm refuses max_new_tokens "16": it must be a number -> write max_new_tokens: 16'],
  ],
  [
    GENERATION,
    { early_stopping: [] },
    ["error: vllm refuses early_stopping []: it must be neither a list nor a map -> leave early_stopping out"],
  ],
  [
    GENERATION,
    { assistant_ensemble_weight: 1.5 },
    [
      "error: vllm refuses assistant_ensemble_weight 1.5: it must be more than 0.0 and less than 1.0 -> " +
        "write assistant_ensemble_weight: 0.5",
    ],
  ],
  [
    GENERATION,
    { num_return_sequences: 4 },
    [
      "error: vllm refuses num_return_sequences 4: it must be at most 1 when num_beams is not given and do_sample is " +
        "not given -> write num_return_sequences: 1, or write num_beams: 4, or write do_sample: true",
    ],
  ],
  [
    GENERATION,
    { num_return_sequences: 5, num_beams: 4 },
    [
      "error: vllm refuses num_return_sequences 5: it must be at most 1 or at most num_beams (4) -> " +
        "write num_return_sequences: 4, or write num_beams: 5",
    ],
  ],
  [
    GENERATION,
    { cache_implementation: "statik" },
    [
      'error: vllm refuses cache_implementation "statik": it must be "static", "dynamic", "offloaded", "quantized" or ' +
        '"paged" -> write cache_implementation: "static"',
    ],
  ],
  [
    BNB,
    { llm_int8_threshold: 6 },
    ["error: vllm refuses llm_int8_threshold 6: it must be a float -> write llm_int8_threshold: 6.0"],
  ],
  [
    BNB,
    { load_in_4bit: "yes" },
    ['error: vllm refuses load_in_4bit "yes": it must be true or false -> leave load_in_4bit out'],
  ],
])("explains %s(%j)", async (entry, set, expected) => {
  expect(explained(await fixtureRules(), entry, set)).toEqual(expected);
});

it("explains every rule that fired, and the first only of those that raise", async () => {
  const rules = await fixtureRules();
  expect(explained(rules, GENERATION, { temperature: 0.5, max_new_tokens: 0 })).toHaveLength(2);
  expect(explained(rules, GENERATION, { early_stopping: [], max_new_tokens: 0 })).toHaveLength(1);
});

it("advises nothing that makes another rule fire", () => {
  const rules = rulesOf({
    defaults: { a: 1 },
    rules: [
      rule("low", "error", { lt: [{ f: "a" }, 4] }),
      rule("odd", "error", { eq: [{ mod: [{ f: "a" }, 2] }, 1] }),
      rule("high", "error", { gt: [{ f: "a" }, 6] }),
    ],
  });
  expect(explained(rules, "x.C", { a: 9 })).toEqual([
    "error: vllm refuses a 9: a % 2 must not be 1 -> write a: 6",
    "error: vllm refuses a 9: it must be at most 6 -> write a: 6",
  ]);
});

it("looks through names and tells of elements", () => {
  const some = (as: string, that: unknown): unknown => ({ some: { in: { distinct: { f: "a" } }, as, that } });
  const rules = rulesOf({
    defaults: { a: [], b: 1 },
    rules: [
      rule("let", "error", { let: { as: "n", be: { len: { f: "a" } }, in: { gt: [{ v: "n" }, { f: "b" }] } } }, [
        "a",
        "b",
      ]),
      rule("some", "error", some("s", { eq: [{ v: "s" }, ""] })),
      rule("empty", "error", some("t", { not: { v: "t" } })),
      rule("every", "error", { not: { every: { in: { f: "a" }, as: "u", that: { type: [{ v: "u" }, "str"] } } } }),
    ],
  });
  expect(explained(rules, "x.C", { a: ["", 1] })).toEqual([
    'error: vllm refuses a ["", 1]: its length must be at most b (1, the default) -> leave a out, or write b: 2',
    'error: vllm refuses a ["", 1]: each element must not be "" -> leave a out',
    'error: vllm refuses a ["", 1]: each element must not be empty -> leave a out',
    'error: vllm refuses a ["", 1]: each element must be a text -> leave a out',
  ]);
});

const float = (value: string): unknown => ({ $py: "float", value });

describe("of a value that the engine changes", () => {
  const low = [{ lt: [0, { f: "t" }] }, { lt: [{ f: "t" }, float("0.01")] }];
  const cold = { lt: [{ f: "t" }, float("1e-05")] };
  const at = (field: string, severity: "warn" | "dormant", when: unknown): CorpusEntry["rules"][number] =>
    rule(`${field}.${severity}`, severity, when, field === "k" ? ["k", "t"] : [field]);
  const rules = rulesOf({
    defaults: { t: float("1.0"), k: 0, stop: null, seed: null },
    rules: [
      at("t", "warn", { all: low }),
      at("t", "dormant", { all: [{ isSet: "t" }, ...low, { ne: [{ f: "t" }, { max: [{ f: "t" }, float("0.01")] }] }] }),
      at("k", "dormant", { all: [{ isSet: "k" }, cold, { ne: [{ f: "k" }, 0] }] }),
      at("stop", "dormant", { type: [{ f: "stop" }, "str"] }),
      at("seed", "dormant", { eq: [{ f: "seed" }, -1] }),
    ],
    effective: {
      t: { ite: [{ all: low }, { max: [{ f: "t" }, float("0.01")] }, { f: "t" }] },
      k: { ite: [cold, 0, { f: "k" }] },
      stop: { ite: [{ type: [{ f: "stop" }, "str"] }, [{ f: "stop" }], { f: "stop" }] },
      seed: { ite: [{ eq: [{ f: "seed" }, -1] }, null, { f: "seed" }] },
    },
  });

  it("says which value it uses, in one problem with the warning, and proposes that value", () => {
    expect(explained(rules, "x.C", { t: float("0.001") })).toEqual([
      "warn: vllm warns and uses 0.01 instead of 0.001: it should be at most 0 or at least 0.01 -> write t: 0.01",
    ]);
  });

  it("says that it ignores a field, and why", () => {
    expect(explained(rules, "x.C", { k: 50, t: float("0.0") })).toEqual([
      "warn: vllm ignores k 50 and uses 0, as t is 0.0 -> leave k out",
    ]);
  });

  it("says as what it reads a value of another type", () => {
    expect(explained(rules, "x.C", { stop: "a", seed: -1 })).toEqual([
      'warn: vllm reads stop "a" as ["a"] -> write stop: ["a"]',
      "warn: vllm reads seed -1 as null -> leave seed out",
    ]);
  });
});

it("says only once what several rules say of a field, and no change of what is refused", () => {
  const below = { lt: [{ f: "a" }, 0] };
  const rules = rulesOf({
    defaults: { a: 1 },
    rules: [rule("one", "error", below), rule("two", "error", { all: [below] }), rule("three", "dormant", below)],
  });
  expect(explained(rules, "x.C", { a: -3 })).toEqual(["error: vllm refuses a -3: it must be at least 0 -> write a: 0"]);
});

it("proposes no value of another meaning: no exception of the rule, no zero, no word that is unlike", () => {
  const rules = rulesOf({
    defaults: { a: 1, b: 256, c: 256, d: "one" },
    rules: [
      rule("a", "error", { all: [{ ne: [{ f: "a" }, -1] }, { lt: [{ f: "a" }, 0] }] }),
      rule("b", "error", { ne: [{ mod: [{ f: "b" }, { f: "c" }] }, 0] }, ["b", "c"]),
      rule("d", "error", { notIn: [{ f: "d" }, ["one", "two"]] }, ["d"]),
    ],
  });
  expect(explained(rules, "x.C", { a: -3, b: 8, d: "six" })).toEqual([
    "error: vllm refuses a -3: it must be -1 or at least 0 -> write a: 0",
    "error: vllm refuses b 8: it must be a multiple of c (256, the default) -> write b: 256, or write c: 8",
    'error: vllm refuses d "six": it must be "one" or "two" -> leave d out',
  ]);
});

it("blames the field whose value cannot be worked with", () => {
  const rules = rulesOf({
    defaults: { a: 1, b: 1 },
    rules: [rule("order", "error", { gt: [{ f: "a" }, { f: "b" }] }, ["a", "b"])],
  });
  expect(explained(rules, "x.C", { a: 1, b: "2" })[0]).toMatch('error: vllm refuses b "2": it must be a number');
});

it("warns of a class that only the miner's machine cannot have", () => {
  const rules = rulesOf(
    { defaults: { a: 1 }, rules: [rule("any", "error", { not: { fact: "x.is_there()" } }, [])] },
    { profiles: { cpu: { facts: { "x.is_there()": false } } } },
  );
  expect(explained(rules, "x.C", { a: 1 })).toEqual([
    "warn: vllm refuses C where is_there() is false, as on the machine that its rules come from -> undefined",
  ]);
});
