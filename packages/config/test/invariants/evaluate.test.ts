import { describe, expect, it } from "vitest";
import {
  encodeValue,
  evaluate,
  evaluateValue,
  float,
  isFault,
  parsePredicate,
  toPython,
  type PyValue,
} from "../../src/invariants/index.ts";

const NOTHING = { declared: new Map() };

describe("evaluate", () => {
  it("never decides with what the miner could not translate", () => {
    const predicate = parsePredicate({ all: [{ unknown: "loop" }, false] });
    expect(evaluate(predicate, NOTHING)).toEqual({ result: "unknown", reason: "untranslated", what: "loop" });
    expect(evaluate(parsePredicate({ all: [false, { unknown: "loop" }] }), NOTHING).result).toBe("false");
  });

  it("says which exception Python would raise", () => {
    const predicate = parsePredicate({ lt: [{ f: "max_new_tokens" }, 1] });
    const declared = new Map([["max_new_tokens", "16"]]);
    expect(evaluate(predicate, { declared })).toEqual({ result: "raises", exception: "TypeError" });
  });

  it.each([
    ["long repetition", { len: { mul: ["ab", 1_000_000] } }],
    ["large power", { pow: [10, 1_000_000] }],
    ["nested quantifiers", quantifiers(5)],
  ])("a %s is unknown, and quickly", (_, predicate) => {
    expect(evaluate(parsePredicate(predicate), NOTHING)).toMatchObject({ result: "unknown", reason: "limit" });
  });

  it("keeps the type of an operand that and and or give", () => {
    const value = evaluateValue(parsePredicate({ any: [{ f: "best_of" }, { f: "n" }] }), {
      declared: new Map<string, PyValue>([
        ["best_of", 0],
        ["n", float(2)],
      ]),
    });
    expect(isFault(value) ? value : encodeValue(value)).toEqual({ $py: "float", value: "2.0" });
  });

  it("an object is of its classes, and else decides nothing", () => {
    const dtype = {
      type: "object",
      className: "torch.dtype",
      mro: ["torch.dtype", "object"],
      attributes: new Map(),
    } as const;
    const at = (predicate: unknown): string =>
      evaluate(parsePredicate(predicate), { declared: new Map([["d", dtype]]) }).result;
    expect(at({ type: [{ f: "d" }, "torch.dtype"] })).toBe("true");
    expect(at({ type: [{ f: "d" }, "str"] })).toBe("false");
    expect(at({ eq: [{ f: "d" }, "auto"] })).toBe("unknown");
    expect(at({ is: [{ f: "d" }, null] })).toBe("false");
  });

  it("a domain that the corpus lacks is refused when compiling", () => {
    const refused = (): unknown => evaluate(parsePredicate({ in: [1, { dom: "Roles" }] }), NOTHING);
    expect(refused).toThrow(expect.objectContaining({ code: "config.predicate" }) as Error);
  });

  it("is rendered to Python", () => {
    const predicate = parsePredicate({ not: { between: [{ f: "top_p" }, 0, 1, "(]"] } });
    expect(toPython(predicate)).toBe("(not (0 < self.top_p <= 1))");
  });
});

/** Loops in loops over a list of a hundred. */
function quantifiers(depth: number): unknown {
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  return Array.from({ length: depth }).reduce<unknown>(
    (that, _, level) => ({ every: { in: numbers, as: `x${level}`, that } }),
    true,
  );
}
