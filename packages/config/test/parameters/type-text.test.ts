import type { JsonObject } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { choicesOf, keysOf, namedValues, statedBounds, typeText } from "../../src/parameters/type-text.ts";

describe("a schema in words", () => {
  it.each<readonly [JsonObject, string]>([
    [{}, "any"],
    [{ type: "integer" }, "integer"],
    [{ type: ["integer", "null"] }, "integer or null"],
    [{ type: ["null", "string"] }, "text or null"],
    [{ anyOf: [{ type: "null" }, { type: "array", items: { type: "integer" } }] }, "list of integer or null"],
    [{ type: "array", items: { type: ["integer", "string"] } }, "list of (integer or text)"],
    [{ enum: ["a", "b"] }, "text"],
    [{ enum: [1, 2.5, null, true] }, "integer or number or null or true/false"],
    [{ class: "pkg.module.Inner" }, "Inner"],
    [{ type: "object" }, "map"],
  ])("%j is %s", (schema, text) => {
    expect(typeText(schema)).toBe(text);
  });

  it("lists values where no alternative but null admits others", () => {
    expect(choicesOf({ anyOf: [{ enum: ["a"] }, { enum: [2] }, { type: "null" }] })).toEqual(["a", 2, null]);
    expect(choicesOf({ anyOf: [{ enum: ["a"] }, { type: "integer" }] })).toEqual([]);
    expect(choicesOf({ type: "null" })).toEqual([]);
    expect(namedValues({ anyOf: [{ enum: ["a"] }, { type: "integer" }] })).toEqual(["a"]);
  });

  it("tells bounds and keys of its alternatives", () => {
    expect(statedBounds({ anyOf: [{ type: "integer", exclusiveMinimum: 0, maximum: 9 }, { type: "null" }] })).toEqual([
      "> 0",
      "<= 9",
    ]);
    expect(keysOf({ anyOf: [{ type: "object", properties: { a: {}, b: {} } }, { type: "null" }] })).toEqual(["a", "b"]);
  });
});
