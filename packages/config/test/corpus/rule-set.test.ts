import { isLemError } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/index.ts";
import { fixtureRules, rule, rulesOf, said } from "./support.ts";

const GENERATION = "transformers.GenerationConfig";
const BNB = "transformers.BitsAndBytesConfig";
const float = (value: string): object => ({ $py: "float", value });

const CASES: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  [GENERATION, {}, "ok"],
  [GENERATION, { max_new_tokens: 1, top_p: 0.5, not_a_field: 1 }, "ok"],
  [GENERATION, { max_new_tokens: 0 }, "error max_new_tokens"],
  [GENERATION, { max_new_tokens: "16" }, "error max_new_tokens"],
  [GENERATION, { max_new_tokens: 0.5 }, "ok"],
  [GENERATION, { max_new_tokens: float("nan") }, "ok"],
  [GENERATION, { early_stopping: 1 }, "ok"],
  [GENERATION, { early_stopping: 2 }, "error early_stopping"],
  [GENERATION, { early_stopping: [] }, "error early_stopping max_new_tokens"],
  [GENERATION, { num_return_sequences: 4 }, "error num_return_sequences"],
  [GENERATION, { num_return_sequences: 4, num_beams: 4 }, "ok"],
  [GENERATION, { num_return_sequences: 5, num_beams: 4 }, "error num_return_sequences"],
  [GENERATION, { num_return_sequences: 4, do_sample: true }, "ok"],
  [GENERATION, { temperature: 0.5 }, "warn temperature"],
  [GENERATION, { temperature: 0.5, do_sample: true }, "ok"],
  [GENERATION, { temperature: 0.5, max_new_tokens: -1 }, "error max_new_tokens temperature"],
  [GENERATION, { cache_implementation: "static" }, "ok"],
  [GENERATION, { cache_implementation: "statik" }, "error cache_implementation"],
  [GENERATION, { stop_strings: ["a", ""] }, "error stop_strings"],
  [GENERATION, { guidance_scale: 1 }, "dormant guidance_scale guidance_scale=null"],
  [GENERATION, { num_assistant_tokens: true }, "dormant num_assistant_tokens=1"],
  [GENERATION, { num_assistant_tokens: 1 }, "ok"],
  [GENERATION, { num_assistant_tokens: true, max_new_tokens: 0 }, "error max_new_tokens"],
  [BNB, { load_in_4bit: 1 }, "error load_in_4bit"],
  [BNB, { llm_int8_threshold: 6 }, "error llm_int8_threshold"],
  [BNB, { load_in_8bit_: true }, "error unknown-key"],
  ["transformers.SynthIDTextWatermarkingConfig", { keys: [1] }, "error missing-key"],
  ["transformers.Nothing", { a: 1 }, "unsupported"],
  ["__proto__", {}, "unsupported"],
];

describe("evaluate", () => {
  it.each(CASES)("%s(%j) is %s", async (entry, set, expected) => {
    const verdict = evaluate(await fixtureRules(), { entry, set });
    const ids = verdict.rules.map(({ id }) => id.replace(`${entry}.`, "").split(".")[0]);
    const changes = [...verdict.effective].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    expect([verdict.verdict, ...ids, ...changes].join(" ")).toBe(expected);
    expect(verdict.profile).toBe("cpu");
  });

  it("says the same whatever was asked before", async () => {
    const rules = await fixtureRules();
    const first = CASES.map(([entry, set]) => said(evaluate(rules, { entry, set })));
    const again = CASES.toReversed().map(([entry, set]) => said(evaluate(rules, { entry, set })));
    expect(again.toReversed()).toEqual(first);
  });

  it("abstains where a fact of the profile is not known, and refuses nothing for it", async () => {
    const rules = await fixtureRules();
    const question = { entry: GENERATION, set: { compile_config: {} } };
    expect(said(evaluate(rules, question))).toBe("ok");
    expect(said(evaluate(rules, { ...question, profile: "cuda-sm90" }))).toBe("ok ?1");
  });

  it("takes a condition that raises for an error of any rule, and keeps the precedence", () => {
    const rules = rulesOf({
      defaults: { a: 1, b: null },
      rules: [
        rule("w", "warn", { lt: [{ f: "a" }, 0] }),
        rule("d", "dormant", { eq: [{ f: "b" }, 1] }, ["b"]),
        rule("e", "error", { eq: [{ f: "a" }, 7] }),
      ],
    });
    const judge = (set: Readonly<Record<string, unknown>>): string => said(rules.evaluate({ entry: "x.C", set }));
    expect(judge({ a: -1 })).toBe("warn w:warn");
    expect(judge({ b: 1 })).toBe("dormant d:dormant");
    expect(judge({ a: -1, b: 1 })).toBe("warn w:warn d:dormant");
    expect(judge({ a: 7, b: 1 })).toBe("error d:dormant e:error");
    expect(judge({ a: "x" })).toBe("error w:error");
  });

  it("reports given fields that change only, and nothing that is not certain", () => {
    const rules = rulesOf({
      defaults: { a: 1, b: 2, c: 3 },
      effective: { a: { add: [{ f: "b" }, 0] }, b: 5, c: { unknown: "a call" } },
    });
    const judge = (set: Readonly<Record<string, unknown>>): string => said(rules.evaluate({ entry: "x.C", set }));
    expect(judge({ c: 1 })).toBe("ok");
    expect(judge({ a: 2 })).toBe("ok");
    expect(judge({ a: 3 })).toBe("dormant a=2");
    expect(judge({ a: true, b: true })).toBe("dormant a=1 b=5");
  });

  it("sees a field of a nested section", () => {
    const rules = rulesOf({ defaults: { a: null }, rules: [rule("e", "error", { gt: [{ f: "a.size" }, 2] })] });
    const judge = (set: Readonly<Record<string, unknown>>): string => said(rules.evaluate({ entry: "x.C", set }));
    expect(judge({ a: { size: 3 } })).toBe("error e:error");
    expect(judge({ a: { size: 1 } })).toBe("ok");
  });

  it("refuses a value that is none", () => {
    expect(() => rulesOf({}).evaluate({ entry: "x.C", set: { a: float("abc") } })).toThrow(
      expect.toSatisfy((error) => isLemError(error, "config.wrong-type")),
    );
  });
});

describe("rules that cannot be used", () => {
  const refused = (entry: object, code: "config.predicate" | "config.corpus-invalid"): void =>
    expect(() => rulesOf(entry).evaluate({ entry: "x.C", set: {} }), JSON.stringify(entry)).toThrow(
      expect.toSatisfy((error) => isLemError(error, code)),
    );

  it("are refused for an unknown operator, an unknown constant and a predicate bomb, with the rule's id", () => {
    let deep: unknown = { f: "a" };
    for (let depth = 0; depth < 300; depth += 1) deep = { not: deep };
    const wide = { any: Array.from({ length: 20_000 }, () => ({ f: "a" })) };
    for (const when of [{ frobnicate: [1] }, deep, wide, { dom: "nowhere" }, { eq: [1] }, {}])
      refused({ rules: [rule("x.C.a.error-1", "error", when)] }, "config.predicate");
    refused({ effective: { a: { frobnicate: 1 } } }, "config.predicate");
    expect(() => rulesOf({ rules: [rule("the-id", "error", { no: 1 })] }).entry("x.C")).toThrow(/the-id/);
  });

  it("are refused where an entry is malformed", () => {
    for (const entry of [
      { rules: 1 },
      { rules: [null] },
      { rules: [{ ...rule("r", "error", true), severity: "fatal" }] },
      { rules: [{ ...rule("r", "error", true), fields: [1] }] },
      { rules: [{ ...rule("r", "error", true), id: 1 }] },
      { defaults: { a: { $py: "float", value: "abc" } } },
      { defaults: null },
      { effective: [] },
      { required: "a" },
      { unknown_keys: "maybe" },
    ])
      refused(entry, "config.corpus-invalid");
    const rules = rulesOf({}, { profiles: { cpu: { facts: 1 } } as never });
    expect(() => rules.evaluate({ entry: "x.C", set: {} })).toThrow(/profile cpu/);
  });

  it("do not hinder the other classes", async () => {
    const rules = rulesOf(
      {},
      {
        entries: {
          "x.C": { defaults: {}, required: [], unknown_keys: "accept", rules: [], effective: {} },
          "x.D": null,
        } as never,
      },
    );
    expect(said(rules.evaluate({ entry: "x.C", set: {} }))).toBe("ok");
    expect(() => rules.evaluate({ entry: "x.D", set: {} })).toThrow(/x\.D/);
  });
});
