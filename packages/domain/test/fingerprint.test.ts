import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, fingerprint, sha256, type JsonObject } from "../src/fingerprint.ts";

const SEED = { seed: 20_261_122 };
const json = fc.jsonValue({ maxDepth: 4 });

/** The same value with the keys of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, turned(item)]),
  );
}

describe("canonical JSON", () => {
  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      SEED,
    );
  });

  it("is the same for every order of keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
      SEED,
    );
  });

  it("is a fixed point", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      SEED,
    );
  });

  it("differs where values differ", () => {
    const values = [
      null,
      false,
      0,
      "",
      "0",
      [],
      {},
      [0],
      [[]],
      [{}],
      { a: null },
      { a: 0 },
      { a: "0" },
      { a: { b: 0 } },
      [1, 2],
      [2, 1],
    ];
    expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
  });

  it("leaves out keys without a value, and keeps null", () => {
    expect(canonicalJson({ b: undefined, a: null })).toBe('{"a":null}');
  });

  it("keeps a key named __proto__", () => {
    const value = JSON.parse('{"__proto__": 1, "a": 2}') as JsonObject;
    expect(canonicalJson(value)).toBe('{"__proto__":1,"a":2}');
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [10n], [() => 0], [Symbol("s")], [undefined]])(
    "refuses what JSON cannot say: %s",
    (value) => {
      expect(() => canonicalJson({ a: [value] })).toThrow(expect.objectContaining({ code: "config.wrong-type" }));
    },
  );
});

describe("fingerprint", () => {
  it("is the start of the SHA-256 of the canonical JSON", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(fingerprint({ b: 1, a: [true] })).toBe(sha256('{"a":[true],"b":1}').slice(0, 12));
  });

  it("takes bytes as they are", () => {
    expect(sha256(new TextEncoder().encode("ä"))).toBe(sha256("ä"));
  });
});
