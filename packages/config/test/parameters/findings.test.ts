import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import { pointerPath } from "../../src/parameters/findings.ts";
import { checkSection } from "../../src/parameters/validate.ts";
import { toJson } from "../../src/yaml/located.ts";
import { parseText } from "../../src/yaml/parse.ts";
import { present } from "../support/project.ts";

async function findings(value: JsonObject, text: string): Promise<readonly string[]> {
  const section = present(parseText(text).value);
  const schema = { type: "object", properties: { v: value } };
  return (await checkSection({ path: [], section, schema })).map(
    ({ code, path, message }) => `${code} ${path.join(".")}: ${message}`,
  );
}

it("JSON pointers are unescaped", () => {
  expect(pointerPath("/a~1b/c~0d/0")).toEqual(["a/b", "c~d", "0"]);
  expect(pointerPath("")).toEqual([]);
});

it("of alternatives none of which fits by type, all types are named once", async () => {
  const value = { anyOf: [{ type: "integer" }, { type: ["string", "null"] }, { type: "integer", minimum: 3 }] };
  expect(await findings(value, "v: [1]")).toEqual([
    "config.wrong-type v: expected a whole number or a text or null, got a list",
  ]);
});

it("of alternatives the one whose type fits speaks", async () => {
  const value = { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] };
  expect(await findings(value, "v: 0")).toEqual(["config.out-of-range v: 0 is out of range: it must be at least 1"]);
});

it("several closed lists are one list", async () => {
  const value = { anyOf: [{ enum: ["a", "b"] }, { const: "c" }, { type: "null" }] };
  expect(await findings(value, "v: d")).toEqual(['config.not-allowed v: the text "d" is none of a, b, c']);
});

it("an alternative with parts is judged by its parts", async () => {
  const value = { anyOf: [{ type: "string" }, { type: "object", additionalProperties: { type: "integer" } }] };
  expect(await findings(value, "v: {a: 1, b: x}")).toEqual([
    'config.wrong-type v.b: expected a whole number, got the text "x"',
  ]);
});

it("references into the schema's own definitions are followed", async () => {
  const schema = {
    type: "object",
    properties: { v: { anyOf: [{ $ref: "#/$defs/mode" }, { type: "null" }] } },
    $defs: { mode: { enum: ["x", "y"] } },
  };
  const section = present(parseText("v: z").value);
  expect(await checkSection({ path: ["s"], section, schema })).toMatchObject([
    { code: "config.not-allowed", path: ["s", "v"] },
  ]);
});

it("a condition speaks through its consequence only", async () => {
  const schema = JSON.parse(`{
    "type": "object",
    "properties": { "method": { "type": "string" }, "bits": { "type": "integer" }, "nbits": { "type": "integer" } },
    "additionalProperties": false,
    "allOf": [{
      "if": { "properties": { "method": { "const": "hqq" } }, "required": ["method"] },
      "then": { "properties": { "method": {}, "nbits": {} }, "additionalProperties": false }
    }]
  }`) as JsonObject;
  const section = present(parseText("method: hqq\nbits: 4").value);
  expect(await checkSection({ path: [], section, schema })).toMatchObject([
    { code: "config.unknown-key", path: ["bits"], hint: "did you mean nbits?" },
  ]);
});

it("alternatives inside alternatives, all behind references, are refused too", async () => {
  const schema = {
    type: "object",
    properties: { v: { $ref: "#/$defs/outer" } },
    $defs: {
      outer: { anyOf: [{ $ref: "#/$defs/inner" }, { type: "null" }] },
      inner: { anyOf: [{ type: "integer" }, { type: "string" }] },
    },
  };
  const section = present(parseText("v: [1]").value);
  const [finding, ...others] = await checkSection({ path: [], section, schema });
  expect(finding).toMatchObject({ code: "config.wrong-type", path: ["v"] });
  expect(others).toEqual([]);
});

const SCALARS = ["1", "1.5", "x", "null", "[1]", "{a: 1}", "true"];
const SHAPES: readonly JsonObject[] = [
  { type: "integer" },
  { not: { type: "string" } },
  { oneOf: [{ type: "integer" }, { type: "number" }] },
  { allOf: [{ anyOf: [{ type: "string" }, { type: "null" }] }, { type: "string", minLength: 2 }] },
  { anyOf: [{ required: ["b"] }, { type: "array", uniqueItems: true, minItems: 3 }] },
  { if: { type: "object" }, else: false },
  { propertyNames: { maxLength: 0 }, type: "object" },
];

it.each(SHAPES.map((shape) => [JSON.stringify(shape), shape] as const))(
  "what %s refuses is never passed over",
  async (_, shape) => {
    const { Ajv2020 } = await import("ajv/dist/2020.js");
    const valid = new Ajv2020({ strict: false }).compile(shape);
    for (const text of SCALARS) {
      const value = (toJson(present(parseText(`v: ${text}`).value)) as JsonObject)["v"];
      const refused = !valid(value);
      expect([text, (await findings(shape, `v: ${text}`)).length > 0]).toEqual([text, refused]);
    }
  },
);
