import { describe, expect, it } from "vitest";
import { decodeValue, encodeValue, parseTaggedJson } from "../../../src/invariants/index.ts";
import { valueOf } from "../support/pools.ts";
import { Random } from "../support/random.ts";

describe("tagged values", () => {
  it("survive JSON", () => {
    const random = new Random(3);
    for (let round = 0; round < 5_000; round += 1) {
      const value = valueOf("any", random, 3);
      expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(value))))).toEqual(value);
    }
  });

  it.each([
    [{ $py: "float", value: "1.0" }],
    [{ $py: "float", value: "-inf" }],
    [{ $py: "float", value: "1e-05" }],
    [{ $py: "float", value: "1e+16" }],
    [{ $py: "int", value: "123456789012345678901234567890" }],
    [{ $py: "tuple", value: [1, { $py: "float", value: "-0.0" }] }],
    [{ $py: "bytes", value: "/wA=" }],
    [
      {
        $py: "dict",
        value: [
          [1, "a"],
          [null, []],
        ],
      },
    ],
    [{ a: { b: 1 } }],
    [
      {
        $py: "dict",
        value: [
          ["b", 1],
          ["16", 2],
        ],
      },
    ],
  ])("%j is read and written the same", (json) => {
    expect(encodeValue(decodeValue(json))).toEqual(json);
  });

  it.each([
    [{ $py: "complex", value: 1 }],
    [{ $py: "float", value: "one" }],
    [{ $py: "int", value: "1.5" }],
    [{ $py: "set", value: [[]] }],
    [{ $py: "dict", value: [[1]] }],
    [{ $py: "float", value: "1", more: 1 }],
    [undefined],
  ])("%j is refused", (json) => {
    expect(() => decodeValue(json)).toThrow(expect.objectContaining({ code: "config.wrong-type" }) as Error);
  });

  it("numbers of a JSON text are read as Python reads them", () => {
    expect(parseTaggedJson('{"a": [1, 1.0, 1e2, 9007199254740993, -0]}')).toEqual({
      a: [
        1,
        { $py: "float", value: "1.0" },
        { $py: "float", value: "100.0" },
        { $py: "int", value: "9007199254740993" },
        0,
      ],
    });
    expect(() => parseTaggedJson("{")).toThrow(expect.objectContaining({ code: "config.syntax" }) as Error);
  });
});
