import { describe, expect, it } from "vitest";
import { parsePredicate, type PyValue } from "@lem/config/invariants";
import { seededRandom } from "@lem/domain";
import { valueKey } from "../../src/prove/background.ts";
import { ModelFinder } from "../../src/prove/models.ts";
import { poolsOf } from "../../src/prove/pools.ts";

function finderOf(json: unknown, fields: Readonly<Record<string, PyValue>>, facts = new Map<string, PyValue>()) {
  const when = parsePredicate(json);
  const defaults = new Map(Object.entries(fields));
  const pools = poolsOf([when], defaults, facts);
  const space = { background: { defaults, facts }, pools, base: new Map(), random: seededRandom(5) };
  return { when, pools, finder: new ModelFinder(space) };
}

describe("values worth trying", () => {
  const tried = (json: unknown, field: string, facts?: Map<string, PyValue>): readonly string[] =>
    finderOf(json, { a: null, b: null }, facts).pools.get(field)?.sharp.map(valueKey) ?? [];

  it.each([
    ["both sides of a bound", { lt: [{ f: "a" }, 8] }, ["7", "8", "9"]],
    ["elements of a closed list", { notIn: [{ f: "a" }, { tuple: ["x", "y"] }] }, ['"x"', '"y"']],
    ["a fact's value", { gt: [{ f: "a" }, { fact: "most" }] }, ["16", "17"]],
    ["sizes", { ne: [{ len: { f: "a" } }, 2] }, ["[1,2]"]],
    ["elements of the user's list", { some: { in: { f: "a" }, as: "s", that: { eq: [{ v: "s" }, "z"] } } }, ['["z"]']],
    ["entries of a dict", { lt: [{ index: [{ f: "a" }, "w"] }, 1] }, ['{"w":0}']],
    ["what lower case hides", { eq: [{ lower: { f: "a" } }, "auto"] }, ['"auto"', '"AUTO"']],
  ])("are %s", (_, json, wanted) => {
    expect(tried(json, "a", new Map([["most", 16]]))).toEqual(expect.arrayContaining(wanted));
  });
});

describe("finding inputs for a predicate", () => {
  it.each([
    [
      "a rare value of one field among many conditions",
      { all: [{ isSet: "a" }, { notNone: { f: "a" } }, { eq: [{ f: "a" }, "x7"] }, { gt: [{ f: "b" }, 40] }] },
    ],
    [
      "one branch of a choice",
      { ite: [{ type: [{ f: "a" }, "str"] }, { eq: [{ f: "b" }, 3] }, { eq: [{ f: "b" }, 4] }] },
    ],
    [
      "two fields together",
      { all: [{ type: [{ f: "a" }, "int"] }, { gt: [{ f: "a" }, { f: "b" }] }, { gt: [{ f: "b" }, 0] }] },
    ],
    ["a list of the user's", { some: { in: { f: "a" }, as: "s", that: { not: { v: "s" } } } }],
  ])("finds %s, either way", (_, json) => {
    const { when, finder } = finderOf(json, { a: null, b: 1 });
    for (const want of ["true", "false"] as const) {
      const found = finder.find(when, want);
      expect(found === undefined ? "none" : finder.answer(when, found)).toBe(want);
    }
  });

  it("finds inputs for which a condition raises, and none for what cannot be", () => {
    const { when, finder } = finderOf({ lt: [{ f: "a" }, 1] }, { a: 1 });
    const found = finder.find(when, "raises");
    expect(found === undefined ? "none" : finder.answer(when, found)).toBe("raises");
    const never = finderOf({ all: [{ is: [{ f: "a" }, null] }, { notNone: { f: "a" } }] }, { a: 1 });
    expect(never.finder.find(never.when, "true")).toBeUndefined();
  });
});
