import { describe, expect, it } from "vitest";
import { parsePredicate } from "@lem/config/invariants";
import { canonicalForm, semanticId, siteKey } from "../../src/prove/identity.ts";

const form = (json: unknown) => canonicalForm(parsePredicate(json));

describe("the one form of a predicate", () => {
  it.each([
    ["order of operands", { all: [{ f: "a" }, { f: "b" }] }, { all: [{ f: "b" }, { f: "a" }] }],
    ["orientation of comparisons", { gt: [{ f: "a" }, 1] }, { lt: [1, { f: "a" }] }],
    ["double negation", { not: { not: { f: "a" } } }, { truthy: { f: "a" } }],
    ["De Morgan", { not: { all: [{ f: "a" }, { f: "b" }] } }, { any: [{ not: { f: "a" } }, { not: { f: "b" } }] }],
    [
      "nested junctions",
      { all: [{ f: "a" }, { all: [{ f: "b" }, { f: "c" }] }] },
      { all: [{ f: "c" }, { f: "b" }, { f: "a" }] },
    ],
    ["repeated operands", { any: [{ f: "a" }, { f: "a" }] }, { f: "a" }],
    [
      "chained comparison",
      { between: [{ f: "a" }, 0, 1, "(]"] },
      { all: [{ gt: [{ f: "a" }, 0] }, { le: [{ f: "a" }, 1] }] },
    ],
    ["words for the opposite", { notIn: [{ f: "a" }, [1]] }, { not: { in: [{ f: "a" }, [1]] } }],
    ["None", { notNone: { f: "a" } }, { isNot: [{ f: "a" }, null] }],
    ["numbers", { eq: [{ f: "a" }, 1] }, { eq: [{ f: "a" }, { $py: "float", value: "1.0" }] }],
    [
      "names of variables",
      { some: { in: { f: "a" }, as: "s", that: { not: { v: "s" } } } },
      { some: { in: { f: "a" }, as: "item", that: { not: { v: "item" } } } },
    ],
  ])("does not depend on %s", (_, one, other) => {
    expect(form(one)).toEqual(form(other));
  });

  it.each([
    ["bounds", { lt: [{ f: "a" }, 1] }, { le: [{ f: "a" }, 1] }],
    ["the side of a comparison", { lt: [{ f: "a" }, 1] }, { gt: [{ f: "a" }, 1] }],
    ["and and or", { all: [{ f: "a" }, { f: "b" }] }, { any: [{ f: "a" }, { f: "b" }] }],
    ["fields", { f: "a" }, { f: "b" }],
    ["order of a difference", { sub: [{ f: "a" }, 1] }, { sub: [1, { f: "a" }] }],
  ])("tells %s", (_, one, other) => {
    expect(form(one)).not.toEqual(form(other));
  });

  it("names rules by meaning, and sites by what they read", () => {
    const rule = { engine: "e", entry: "e.C", outcome: "error", when: parsePredicate({ gt: [{ f: "a" }, 1] }) };
    expect(semanticId(rule)).toBe(semanticId({ ...rule, when: parsePredicate({ lt: [1, { f: "a" }] }) }));
    expect(semanticId(rule)).not.toBe(semanticId({ ...rule, outcome: "warn" }));
    const site = { entry: "e.C", channel: "ValueError", qualname: "C.check" };
    expect(siteKey({ ...site, reads: ["a", "b"] })).toBe(siteKey({ ...site, reads: ["b", "a"] }));
  });
});
