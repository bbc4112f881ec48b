import { expect, it } from "vitest";
import { CheckLines } from "../../src/corpus/check-lines.ts";
import type { RuleSet } from "../../src/corpus/rule-set.ts";
import { rule, rulesOf, said } from "./support.ts";

const NEGATIVE = { lt: [{ f: "a" }, 0] };
const MANY = { gt: [{ f: "a" }, { fact: "devices" }] };

/** One rule of all profiles, one of each, and one whose limit is a fact. */
const rules = (): RuleSet =>
  rulesOf(
    {
      defaults: { a: 1, b: 1 },
      effective: { b: { max: [{ f: "b" }, 1] } },
      varies: { "cuda-sm90": { defaults: { a: -1 }, effective: { b: null, a: { max: [{ f: "a" }, 2] } } } },
      rules: [
        rule("x.C.a.error-000001", "error", MANY),
        { ...rule("x.C.a.error-000002", "error", NEGATIVE), profiles: ["cpu"] },
        { ...rule("x.C.b.warn-000003", "warn", { eq: [{ f: "b" }, 7] }, ["b"]), profiles: ["cuda-sm90"] },
      ],
    },
    {
      profiles: {
        cpu: { facts: { devices: 1 } },
        "cuda-sm90": { pretended: true, facts: { devices: 8 } },
      },
    },
  );

const judged = (set: Readonly<Record<string, unknown>>, profile?: string): string =>
  said(rules().evaluate({ entry: "x.C", set, profile }));

it("judges by the rules and facts of the profile that is asked for", () => {
  expect(judged({ a: 4 })).toBe("error error-000001:error");
  expect(judged({ a: 4 }, "cuda-sm90")).toBe("ok");
  expect(judged({ a: -3 })).toBe("error error-000002:error");
  expect(judged({ b: 7 })).toBe("ok");
  expect(judged({ b: 7 }, "cuda-sm90")).toBe("warn warn-000003:warn");
});

it("knows the defaults and effective values of each profile", () => {
  expect(judged({ b: 0 })).toBe("dormant b=1");
  expect(judged({ b: 0 }, "cuda-sm90")).toBe("ok");
  expect(judged({ a: 1 }, "cuda-sm90")).toBe("dormant a=2");
  expect(rules().entry("x.C", "cuda-sm90")?.model.defaults.get("a")).toBe(-1);
});

it("applies in a profile that was not mined only what holds in all that were", () => {
  expect(judged({ a: -3 }, "cuda-sm100")).toBe("ok ?1");
  expect(judged({ b: 7 }, "cuda-sm100")).toBe("ok ?1");
});

it("judges by the first profile for an engine that was mined on no machine like this one", () => {
  const gpu = rulesOf(
    { rules: [rule("x.C.a.error-000001", "error", MANY)] },
    { profiles: { "cuda-sm90": { facts: { devices: 2 } } } },
  );
  expect(gpu.profileOn("cpu")).toBe("cuda-sm90");
  expect(gpu.evaluate({ entry: "x.C", set: { a: 3 } })).toMatchObject({ verdict: "error", profile: "cuda-sm90" });
  expect(rules().profileOn("cuda-sm100")).toBe("cuda-sm100");
});

it("says in an answer that the machine was only pretended", () => {
  const lines = new CheckLines({ rules: rules(), profile: "cpu" });
  const answer = (line: object): unknown => JSON.parse(lines.answer(JSON.stringify(line)));
  expect(answer({ entry: "x.C", set: {}, profile: "cuda-sm90" })).toMatchObject({
    profile: "cuda-sm90",
    pretended: true,
  });
  expect(answer({ entry: "x.C", set: {} })).not.toHaveProperty("pretended");
});

it("refuses rules whose profiles are no list of names", () => {
  const broken = { ...rule("x.C.a.error-000001", "error", NEGATIVE), profiles: "cpu" };
  const act = (): unknown => rulesOf({ rules: [broken as never] }).entry("x.C");
  expect(act).toThrow(expect.objectContaining({ code: "config.corpus-invalid" }));
});
