import { encodeValue, parsePredicate } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { poolsOf } from "../../src/prove/pools.ts";

const sharp = (when: unknown): readonly unknown[] =>
  (poolsOf([parsePredicate(when)], new Map([["a", undefined]])).get("a")?.sharp ?? []).map(encodeValue);

describe("values worth trying", () => {
  it("hold a key that a dict must have, be it a text or a number", () => {
    expect(sharp({ notIn: ["x", { f: "a" }] })).toContainEqual({ x: 1 });
    expect(sharp({ notIn: [3, { f: "a" }] })).toContainEqual({ $py: "dict", value: [[3, 1]] });
  });

  it("hold dicts whose keys and values are those that a loop over items compares with", () => {
    const item = (place: number) => ({ index: [{ v: "x" }, place] });
    const over = (that: unknown) => ({ some: { in: { items: { f: "a" } }, as: "x", that } });
    expect(sharp(over({ lt: [item(0), 7] }))).toContainEqual({ $py: "dict", value: [[7, 1]] });
    expect(sharp(over({ gt: [item(1), 7] }))).toContainEqual({ $py: "dict", value: [[7, 7]] });
  });

  it("hold many lists of what a set may hold", () => {
    const few = { $py: "set", value: ["x", "y", "z"] };
    const lists = sharp({ not: { subset: [{ unique: { f: "a" } }, few] } }).filter((each) => Array.isArray(each));
    expect(lists).toEqual(expect.arrayContaining([["x"], ["z", "y"], ["y", "y", "x"], ["x", "xx"]]));
    expect(lists.length).toBeGreaterThan(20);
  });

  it("hold no dict with a list for a key", () => {
    const over = (that: unknown) => ({ some: { in: { items: { f: "a" } }, as: "x", that } });
    const first = { index: [{ v: "x" }, 0] };
    expect(sharp(over({ lt: [{ index: [first, 0] }, 7] }))).not.toContainEqual({ $py: "dict", value: [[[7], 1]] });
    expect(sharp(over({ eq: [first, ["y"]] }))).not.toContainEqual({ $py: "dict", value: [[["y"], 1]] });
  });
});
