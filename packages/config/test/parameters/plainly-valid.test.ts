import type { JsonObject } from "@lem/domain";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isPlainlyValid } from "../../src/parameters/plainly-valid.ts";
import { toJson } from "../../src/yaml/located.ts";
import { parseText } from "../../src/yaml/parse.ts";
import { present } from "../support/project.ts";

const TYPES = ["integer", "number", "string", "boolean", "null", "object", "array"];

const type = fc.oneof(
  fc.constantFrom(...TYPES),
  fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 2, maxLength: 4 }),
);

/** Rarely present, so that plain schemas are common. */
const rarely = <T>(value: T): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(value) });

const withoutUndefined = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

const property = fc
  .record({
    type: fc.option(type, { nil: undefined }),
    enum: fc.oneof(rarely([1, "x", null]), rarely([2.5, true])),
    minimum: rarely(1),
    exclusiveMaximum: rarely(2),
    not: rarely({ const: 1 }),
    minLength: rarely(2),
  })
  .map(withoutUndefined);

const schema = fc
  .record({
    type: fc.constantFrom("object", "object", "object", "array"),
    properties: fc.record({ a: property, b: property }, { requiredKeys: ["a"] }),
    required: rarely(["a"]),
    additionalProperties: rarely(false),
    allOf: rarely([{ required: ["b"] }]),
  })
  .map(withoutUndefined);

const written = fc.constantFrom("1", "2", "2.5", "0", "x", "xyz", "true", "null", "[1]", "{k: 1}");
const section = fc.oneof(fc.record({ a: written }), fc.record({ a: written, b: written }), fc.record({ c: written }));

it("what is plainly valid is valid", () => {
  const ajv = new Ajv2020({ strict: false });
  const seen = { plain: 0, other: 0 };
  fc.assert(
    fc.property(schema, section, (tried, keys) => {
      const map = present(
        parseText(
          Object.entries(keys)
            .map(([key, value]) => `${key}: ${value}`)
            .join("\n"),
        ).value,
      );
      const plain = isPlainlyValid(tried, map);
      seen[plain ? "plain" : "other"] += 1;
      const closed = { ...tried, additionalProperties: false };
      expect(plain && !ajv.validate(closed, toJson(map))).toBe(false);
    }),
    { seed: 20_261_122, numRuns: 2_000 },
  );
  expect(seen.plain).toBeGreaterThan(50);
  expect(seen.other).toBeGreaterThan(50);
});

it.each([
  ["a: 1", true],
  ["a: 1.0", false],
  ["a: null", true],
  ["a: 0", false],
  ["b: 1", false],
  ["toString: 1", false],
])("%s: %s", (text, expected) => {
  const asked = { type: "object", properties: { a: { type: ["integer", "null"], minimum: 1 } } };
  expect(isPlainlyValid(asked, present(parseText(text).value))).toBe(expected);
});
