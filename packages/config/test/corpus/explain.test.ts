import { expect, it } from "vitest";
import { explain } from "../../src/corpus/explain/explain.ts";
import type { RuleSet } from "../../src/corpus/rule-set.ts";
import { decodeValue } from "../../src/invariants/index.ts";
import { fixtureRules, rule, rulesOf } from "./support.ts";

const GENERATION = "transformers.GenerationConfig";
const BNB = "transformers.BitsAndBytesConfig";

/** `severity field: reason -> advice` of each explanation. */
function explained(rules: RuleSet, entry: string, set: Readonly<Record<string, unknown>>): readonly string[] {
  const compiled = rules.entry(entry);
  if (compiled === undefined) throw new Error(`no rules of ${entry}`);
  const declared = new Map(Object.entries(set).map(([name, value]) => [name, decodeValue(value)]));
  const verdict = compiled.judge(declared, "cpu");
  const all = explain({ entry: compiled, declared, verdict });
  return all.map(({ rule: { severity }, field, reason, advice }) => `${severity} ${field}: ${reason} -> ${advice}`);
}

it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  [GENERATION, { max_new_tokens: 5 }, []],
  [
    GENERATION,
    { max_new_tokens: -3 },
    ["error max_new_tokens: max_new_tokens (-3) is at most 0 -> write max_new_tokens: 1"],
  ],
  [
    GENERATION,
    { max_new_tokens: "16" },
    ['error max_new_tokens: max_new_tokens ("16") cannot be used as it is (TypeError) -> write max_new_tokens: 16'],
  ],
  [
    GENERATION,
    { early_stopping: [] },
    ["error early_stopping: early_stopping ([]) cannot be used as it is (TypeError) -> leave early_stopping out"],
  ],
  [
    GENERATION,
    { assistant_ensemble_weight: 1.5 },
    [
      "error assistant_ensemble_weight: assistant_ensemble_weight (1.5) is not more than 0.0 and less than 1.0 -> " +
        "write assistant_ensemble_weight: 0.5",
    ],
  ],
  [
    GENERATION,
    { num_return_sequences: 4 },
    [
      "error num_return_sequences: num_return_sequences (4) is more than 1, and num_beams (null, the default) is null, " +
        "and do_sample (null, the default) is null, false, zero or empty -> " +
        "write num_return_sequences: 1, or write num_beams: 4, or write do_sample: true",
    ],
  ],
  [
    GENERATION,
    { num_return_sequences: 5, num_beams: 4 },
    [
      "error num_return_sequences: num_return_sequences (5) is more than 1, and num_beams (4) is not 1, " +
        "and num_return_sequences (5) is more than num_beams (4) -> write num_return_sequences: 4, or write num_beams: 5",
    ],
  ],
  [
    GENERATION,
    { cache_implementation: "statik" },
    [
      'error cache_implementation: cache_implementation ("statik") is none of "static", "dynamic", "offloaded", ' +
        '"quantized" or "paged" -> write cache_implementation: "static"',
    ],
  ],
  [
    BNB,
    { llm_int8_threshold: 6 },
    ["error llm_int8_threshold: llm_int8_threshold (6) is not a float -> write llm_int8_threshold: 6.0"],
  ],
  [
    BNB,
    { load_in_4bit: "yes" },
    ['error load_in_4bit: load_in_4bit ("yes") is not true or false -> leave load_in_4bit out'],
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
    "error a: a % 2 (1) is 1 -> write a: 6",
    "error a: a (9) is more than 6 -> write a: 6",
  ]);
});

it("looks through names and tells of elements", () => {
  const rules = rulesOf({
    defaults: { a: [], b: 1 },
    rules: [
      rule("let", "error", { let: { as: "n", be: { len: { f: "a" } }, in: { gt: [{ v: "n" }, { f: "b" }] } } }, [
        "a",
        "b",
      ]),
      rule("some", "error", { some: { in: { f: "a" }, as: "s", that: { eq: [{ v: "s" }, ""] } } }),
    ],
  });
  expect(explained(rules, "x.C", { a: ["", "x"] })).toEqual([
    "error a: the length of a (2) is more than b (1, the default) -> leave a out, or write b: 2",
    'error a: for some s of a (["", "x"]) s is "" -> leave a out',
  ]);
});
