import { describe, expect, it } from "vitest";
import type { CorpusEntry } from "../../src/corpus/corpus.ts";
import { limitsOf, type Limits } from "../../src/parameters/limits.ts";
import { rule, rulesOf } from "../corpus/support.ts";

const A = { f: "a" };

function limits(types: readonly string[], when: readonly unknown[], more: Partial<CorpusEntry> = {}): Limits {
  const rules = when.map((each, at) => rule(`x.C.a.error-${at}`, "error", each));
  const entry = rulesOf(
    { defaults: { a: 1, b: 2 }, rules, ...more },
    { profiles: { cpu: { facts: { most: 12_345 } } } },
  ).entry("x.C");
  if (entry === undefined) throw new Error("no rules");
  return limitsOf(entry, "a", new Set(types), "cpu");
}

describe("the limits that rules set to one keyword", () => {
  it.each([
    ["number", [{ not: { between: [A, 0, 1, "(]"] } }], ["> 0", "<= 1"]],
    ["number", [{ lt: [A, 0] }, { ge: [A, 1] }], [">= 0", "< 1"]],
    ["number", [{ not: { lt: [{ abs: A }, 2] } }], ["> -2", "< 2"]],
    ["integer", [{ lt: [A, -1] }, { eq: [A, 0] }], [">= -1", "not 0"]],
    ["integer", [{ lt: [A, 1] }, { gt: [A, { fact: "most" }] }], [">= 1", "<= 12345"]],
    ["string", [{ lt: [A, 1] }], []],
    ["boolean", [{ eq: [A, 1] }], []],
  ])("%s with %j: %j", (type, when, bounds) => {
    expect(limits([type], when).bounds).toEqual(bounds);
  });

  it("are a list where nothing else is admitted", () => {
    expect(limits(["string", "null"], [{ notIn: [A, ["x", "y"]] }])).toEqual({ bounds: [], choices: ["x", "y"] });
    expect(limits(["integer"], [{ notIn: [A, [16, 32]] }])).toEqual({ bounds: [], choices: [16, 32] });
    expect(limits(["string"], [{ eq: [A, "x"] }]).choices).toEqual([]);
    expect(limits(["string", "integer"], [{ notIn: [A, ["x"]] }]).choices).toEqual([]);
  });

  it("are not those of rules that read other keywords, or only warn", () => {
    expect(limits(["integer"], [{ gt: [A, { f: "b" }] }]).bounds).toEqual([]);
    expect(limits(["integer"], [], { rules: [rule("x.C.a.warn-1", "warn", { lt: [A, 0] })] }).bounds).toEqual([]);
  });
});
