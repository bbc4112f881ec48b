import type { JsonObject, JsonValue } from "@lem/domain";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KNOWN_KEYS, relevantSchema } from "../../src/parameters/relevant.ts";

it("properties that the value lacks are left out, their names stay known", () => {
  const schema = {
    properties: { a: { type: "integer" }, b: { properties: { c: true, d: true } }, e: true },
    additionalProperties: false,
  };
  expect(relevantSchema(schema, { b: { d: 1 } })).toEqual({
    properties: { b: { properties: { d: true }, [KNOWN_KEYS]: ["c", "d"] } },
    additionalProperties: false,
    [KNOWN_KEYS]: ["a", "b", "e"],
  });
});

const SCHEMA = JSON.parse(`{
  "type": "object",
  "properties": {
    "method": { "type": "string" }, "bits": { "type": "integer" }, "deep": { "properties": { "x": { "type": "integer" } }, "additionalProperties": false },
    "mode": { "anyOf": [{ "properties": { "kind": { "const": "a" } }, "required": ["kind"] }, { "type": "null" }] }
  },
  "additionalProperties": false,
  "allOf": [
    { "if": { "properties": { "method": { "const": "one" } }, "required": ["method"] }, "then": { "properties": { "method": {}, "bits": {} }, "additionalProperties": false } },
    { "if": { "properties": { "method": { "const": "two" } } }, "then": { "required": ["bits"] } },
    { "if": { "properties": { "bits": { "const": 4 } }, "required": ["bits"] }, "then": { "required": ["deep"] }, "else": { "not": { "properties": { "bits": { "const": 3 } }, "required": ["bits"] } } }
  ]
}`) as JsonObject;

const value: fc.Arbitrary<JsonValue> = fc.record(
  {
    method: fc.constantFrom<JsonValue[]>("one", "two", "three", 4, true),
    bits: fc.constantFrom<JsonValue[]>(3, 4, 5, "4"),
    deep: fc.constantFrom<JsonValue[]>({}, { x: 1 }, { x: "1" }, { y: 1 }, 5),
    mode: fc.constantFrom<JsonValue[]>({ kind: "a" }, { kind: "b" }, {}, null),
    other: fc.constant<JsonValue>(1),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonValue>;

it("the relevant part judges every value as the whole does", () => {
  const whole = new Ajv2020({ strict: false }).compile(SCHEMA);
  fc.assert(
    fc.property(value, (tried) => {
      const part = new Ajv2020({ strict: false, validateSchema: false }).compile(
        relevantSchema(SCHEMA, tried) as JsonObject,
      );
      expect(part(tried)).toBe(whole(tried));
    }),
    { seed: 20_261_122, numRuns: 300 },
  );
});

it.each([["#"], ["#/properties/a"]])("a schema that refers to %s stays whole", (target) => {
  const schema = { properties: { a: { type: "integer" }, b: { $ref: target } } };
  expect(relevantSchema(schema, { b: 1 })).toEqual(schema);
});

it("definitions stay, and what refers to them is cut all the same", () => {
  const schema = { properties: { a: { $ref: "#/$defs/n" }, b: true }, $defs: { n: { type: "integer" } } };
  expect(relevantSchema(schema, { a: 1 })).toEqual({
    ...schema,
    properties: { a: { $ref: "#/$defs/n" } },
    [KNOWN_KEYS]: ["a", "b"],
  });
});
