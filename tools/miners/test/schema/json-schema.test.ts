import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import type { Shape } from "../../src/probe/description.ts";
import { schemaOfShape } from "../../src/schema/json-schema.ts";

const int: Shape = { type: "int" };
const none: Shape = { type: "none" };

it.each<readonly [Shape, JsonObject]>([
  [int, { type: "integer" }],
  [{ type: "any" }, {}],
  [{ type: "callable" }, {}],
  [{ type: "union", of: [int, none] }, { type: ["integer", "null"] }],
  [{ type: "union", of: [int, { type: "callable" }] }, { type: "integer" }],
  [{ type: "union", of: [int, { type: "any" }] }, {}],
  [
    { type: "list", items: { type: "str" } },
    { type: "array", items: { type: "string" } },
  ],
  [{ type: "tuple", items: [int, { type: "any" }], variadic: false }, { type: "array" }],
  [{ type: "dict", keys: int, values: int }, { type: "object" }],
  [{ type: "literal", values: ["a", "a", null] }, { enum: ["a", null] }],
  [{ type: "literal", values: [{ $py: "bytes", value: "" }] }, {}],
  [{ type: "enum", class: "E", mro: [], members: {}, values: { A: 1, B: "b" } }, { enum: [1, "b"] }],
  [{ type: "class", class: "toy.Inner", mro: [] }, { class: "toy.Inner" }],
  [
    {
      type: "union",
      of: [
        { type: "literal", values: ["auto"] },
        { type: "constrained", of: int, ge: 1 },
      ],
    },
    { anyOf: [{ enum: ["auto"] }, { type: "integer", minimum: 1 }] },
  ],
  [
    { type: "constrained", of: { type: "union", of: [int, none] }, gt: 0 },
    { type: ["integer", "null"], exclusiveMinimum: 0 },
  ],
  [
    { type: "constrained", of: { type: "str" }, min_length: 2, pattern: "^a" },
    { type: "string", minLength: 2, pattern: "^a" },
  ],
  [
    { type: "constrained", of: { type: "list", items: int }, max_length: 3 },
    { type: "array", items: { type: "integer" }, maxItems: 3 },
  ],
])("%j is %j", (shape, schema) => {
  expect(schemaOfShape(shape)).toEqual(schema);
});
