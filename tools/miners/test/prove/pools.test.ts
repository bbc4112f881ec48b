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
});
