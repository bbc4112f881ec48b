import { describe, expect, it } from "vitest";
import { isLemError } from "@lem/domain";
import { parsePredicate, parsePredicateYaml, predicateSchema } from "../../../src/invariants/index.ts";

function refusal(json: unknown): string {
  try {
    parsePredicate(json);
  } catch (error) {
    if (isLemError(error, "config.predicate")) return error.message;
    throw error;
  }
  return "none";
}

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ not: inner }), true);

describe("parsePredicate", () => {
  it.each([
    ["an unknown operator", { near: [1, 2] }, "there is no operator"],
    ["an inherited name", { constructor: [1] }, "there is no operator"],
    ["two keys", { eq: [1, 2], ne: [1, 2] }, "one key"],
    ["no key", {}, "one key"],
    ["too few operands", { lt: [1] }, "too few or too many"],
    ["an operand that is no list", { lt: { f: "a" } }, "a list of operands"],
    ["a path that is none", { f: "a..b" }, "no field path"],
    ["a variable that nothing binds", { v: "x" }, "is bound here"],
    [
      "a variable outside its quantifier",
      { all: [{ some: { in: [1], as: "x", that: { v: "x" } } }, { v: "x" }] },
      "is bound here",
    ],
    ["a quantifier without condition", { every: { in: [1], as: "x" } }, "the keys in, as, that"],
    ["identity with a number", { is: [{ f: "a" }, 1] }, "null, true or false"],
    ["bounds that are none", { between: [1, 2, 3, "<>"] }, "is no bounds"],
    ["an exception that is none", { raises: [1, "OSError"] }, "is no exception"],
    ["an unknown tag", { eq: [1, { $py: "complex", value: "1j" }] }, "no Python type"],
    ["a list as a key", { eq: [1, { $py: "set", value: [[1]] }] }, "cannot be a key"],
    ["a pattern outside the subset", { matches: [{ f: "a" }, "\\d+"] }, "portable subset"],
    ["a predicate nested too deeply", nested(300), "too large"],
    ["a predicate of too many operators", { all: Array.from({ length: 20_000 }, () => ({ f: "a" })) }, "too large"],
  ])("refuses %s", (_, json, message) => {
    expect(refusal(json)).toContain(message);
  });

  it("says where in the predicate the trouble is", () => {
    expect(refusal({ all: [{ not: { lt: [{ f: "a" }, { off: 1 }] } }] })).toMatch(/ at all\.0\.not\.lt\.1$/);
  });

  it("tells 1 from 1.0 in YAML and keeps large ints", () => {
    expect(parsePredicateYaml("{in: [{f: a}, [1, 1.0, 1e-3, 123456789012345678901]]}")).toMatchObject({
      args: [
        {},
        { value: { items: [1, { type: "float", value: 1 }, { type: "float", value: 0.001 }, 123456789012345678901n] } },
      ],
    });
  });

  it("is a zod schema that places its issue", () => {
    const { error } = predicateSchema.safeParse({ all: [{ off: 1 }] });
    expect(error?.issues.map(({ path }) => path)).toEqual([["all", "0"]]);
    expect(predicateSchema.parse({ isSet: "a" })).toEqual({ op: "isSet", path: "a" });
  });
});
