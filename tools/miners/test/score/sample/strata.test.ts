import { decodeValue, float, isDict, isObject } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { conformsTo } from "../../../src/score/sample/conforms.ts";
import { drawSamples, STRATA, type DrawnStratum as Stratum, type Sample } from "../../../src/score/sample/strata.ts";
import type { Field, Subject } from "../../../src/score/sample/subject.ts";

const field = (name: string, type: Field["type"], more: Partial<Field> = {}): Field => ({
  name,
  type,
  required: false,
  default: null,
  hints: [],
  names: [],
  nested: [],
  ...more,
});

const DEPTH = field("depth", { kind: "int" }, { hints: [7] });
const INNER = { className: "toy.Inner", mro: ["toy.Inner", "object"], isMade: true, fields: [DEPTH] };

const SUBJECT: Subject = {
  entry: "toy.Settings",
  fields: [
    field("inner", { kind: "opaque", name: "Inner" }, { nested: [INNER] }),
    field("n", { kind: "int" }, { hints: [64] }),
    field("share", { kind: "float" }, { hints: [float(0.25)] }),
    field("word", { kind: "values", values: ["a", "b"] }),
    field("flag", { kind: "bool" }),
    field("names", { kind: "list", items: { kind: "str" } }),
    field("map", { kind: "dict", keys: { kind: "str" }, values: { kind: "int" } }),
    field("needed", { kind: "union", of: [{ kind: "int" }, { kind: "none" }] }, { required: true, hints: [3, 5] }),
    field("pair", { kind: "tuple", items: { kind: "float" } }),
  ],
};

const drawn = (stratum: Stratum, seed = 1, count = 400): readonly Sample[] =>
  drawSamples(SUBJECT, stratum, { count, seed });
const values = ({ keywords }: Sample): ReadonlyMap<string, ReturnType<typeof decodeValue>> =>
  new Map(Object.entries(keywords).map(([name, value]) => [name, decodeValue(value)]));
const keys = ({ keywords }: Sample): readonly string[] => Object.keys(keywords).filter((name) => name !== "needed");

describe("samples", () => {
  it.each(Object.keys(STRATA) as Stratum[])("of %s follow the seed alone, and hold what must be given", (stratum) => {
    expect(drawn(stratum)).toEqual(drawn(stratum));
    expect(drawn(stratum)).not.toEqual(drawn(stratum, 2));
    const complete = drawn(stratum).filter(({ keywords }) => "needed" in keywords);
    expect(complete).toHaveLength(400);
  });

  it("have as many keys as their stratum says", () => {
    const counts = (stratum: Stratum): number[] => drawn(stratum).map((sample) => keys(sample).length);
    expect(Math.max(...counts("typed"))).toBe(4);
    expect(Math.min(...counts("dense"))).toBeGreaterThanOrEqual(4);
    expect(Math.max(...counts("pairwise"))).toBe(2);
  });

  it("are of their types where they should be, but for words that nearly are", () => {
    const right = drawn("typed").filter((sample) => conformsTo(SUBJECT, values(sample)));
    expect(right.length).toBeGreaterThan(340);
    const wild = drawn("wild").filter((sample) => conformsTo(SUBJECT, values(sample)));
    expect(wild.length).toBeLessThan(120);
  });

  it("try every pair of parameters, and numbers beside those that are documented", () => {
    const pairs = new Set(drawn("pairwise").map((sample) => keys(sample).toSorted().join(" ")));
    expect(pairs.size).toBeGreaterThanOrEqual(28 + 8);
    const numbers = drawn("boundary").map(({ keywords }) => keywords["n"]);
    expect(numbers).toEqual(expect.arrayContaining([63, 64, 65, -1, 0, 1, 2]));
  });

  it("of a class without parameters are one of nothing", () => {
    expect(drawSamples({ entry: "toy.Empty", fields: [] }, "typed", { count: 5, seed: 1 })).toEqual([
      { stratum: "typed", entry: "toy.Empty", keywords: {} },
    ]);
  });

  it("give a parameter that takes a class its objects, and dicts of its keywords", () => {
    const inner = field("inner", { kind: "opaque", name: "Inner" }, { nested: [INNER], default: undefined });
    const samples = drawSamples({ entry: "toy.Outer", fields: [inner] }, "nested", { count: 200, seed: 3 });
    const given = samples.map(({ keywords }) => decodeValue(keywords["inner"]));
    const objects = given.filter((value) => isObject(value) && value.className === "toy.Inner");
    const dicts = given.filter((value) => isDict(value) && value.index.size > 0);
    expect(objects.length).toBeGreaterThan(40);
    expect(dicts.length).toBeGreaterThan(40);
    expect(objects.some((value) => isObject(value) && value.attributes.get("depth") === 7)).toBe(true);
  });

  it("give dicts their documented keys", () => {
    const map = field(
      "map",
      { kind: "dict", keys: { kind: "any" }, values: { kind: "any" } },
      { names: ["low", "high"] },
    );
    const samples = drawSamples({ entry: "toy.Maps", fields: [map] }, "typed", { count: 100, seed: 3 });
    expect(samples.filter(({ keywords }) => Object.hasOwn(Object(keywords["map"]), "low")).length).toBeGreaterThan(20);
  });
});
