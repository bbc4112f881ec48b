import type { JsonObject, JsonValue } from "@lem/domain";
import type { Constraints, Shape } from "../probe/description.ts";
import { jsonOf } from "./plain-json.ts";

/**
 * What an annotation admits as JSON Schema; empty for what JSON types cannot say, so that it refuses nothing that the
 * class takes.
 */
export function schemaOfShape(shape: Shape): JsonObject {
  if (Object.hasOwn(PLAIN, shape.type)) return { type: PLAIN[shape.type] as string };
  if ("values" in shape && shape.type !== "dict") return listed(Object.values(shape.values));
  switch (shape.type) {
    case "tuple":
      return arrayOf(unionOf(shape.items.map(schemaOfShape)));
    case "union":
      return unionOf(shape.of.filter(isWritable).map(schemaOfShape));
    case "constrained":
      return bounded(schemaOfShape(shape.of), shape);
    case "class":
      return { class: shape.class };
    default:
      return "items" in shape ? arrayOf(schemaOfShape(shape.items)) : {};
  }
}

const PLAIN: Readonly<Partial<Record<Shape["type"], string>>> = {
  none: "null",
  bool: "boolean",
  int: "integer",
  float: "number",
  str: "string",
  dict: "object",
};

/** No file can hold a function: beside other alternatives it adds nothing. */
const isWritable = ({ type }: Shape): boolean => type !== "callable";

const arrayOf = (items: JsonObject): JsonObject =>
  Object.keys(items).length === 0 ? { type: "array" } : { type: "array", items };

function listed(values: readonly unknown[]): JsonObject {
  const plain = values.map(jsonOf);
  return plain.includes(undefined) ? {} : { enum: [...new Set(plain)] as JsonValue[] };
}

/** One schema for several: a list of types where that says it all, else `anyOf`; an empty one admits everything. */
export function unionOf(schemas: readonly JsonObject[]): JsonObject {
  const flat = schemas.flatMap((schema) => ("anyOf" in schema ? (schema["anyOf"] as JsonObject[]) : [schema]));
  if (flat.length === 0 || flat.some((schema) => Object.keys(schema).length === 0)) return {};
  const distinct = [...new Map(flat.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [first = {}] = distinct;
  if (distinct.length === 1) return first;
  if (!distinct.every((schema) => Object.keys(schema).join() === "type")) return { anyOf: distinct };
  return { type: [...new Set(distinct.flatMap((schema) => schema["type"] as string | string[]))].toSorted() };
}

const KEYWORDS = {
  gt: "exclusiveMinimum",
  ge: "minimum",
  lt: "exclusiveMaximum",
  le: "maximum",
  multiple_of: "multipleOf",
} as const satisfies Partial<Record<keyof Constraints, string>>;

/** Bounds hold for each alternative that can be compared. */
function bounded(schema: JsonObject, constraints: Constraints): JsonObject {
  if ("anyOf" in schema) return { anyOf: (schema["anyOf"] as JsonObject[]).map((each) => bounded(each, constraints)) };
  const types = [schema["type"] ?? []].flat() as readonly string[];
  return {
    ...schema,
    ...(types.some((type) => type === "number" || type === "integer") ? numberBounds(constraints) : {}),
    ...(types.includes("string") && constraints.pattern !== undefined ? { pattern: constraints.pattern } : {}),
    ...lengthBounds(types, constraints),
  };
}

function numberBounds(constraints: Constraints): JsonObject {
  const pairs = Object.entries(KEYWORDS).map(
    ([name, keyword]) => [keyword, jsonOf(constraints[name as keyof typeof KEYWORDS])] as const,
  );
  return Object.fromEntries(
    pairs.filter((pair): pair is readonly [(typeof pair)[0], JsonValue] => pair[1] !== undefined),
  );
}

function lengthBounds(types: readonly string[], { min_length, max_length }: Constraints): JsonObject {
  const pairs = Object.entries(LENGTHS).flatMap(([type, [least, most]]) =>
    types.includes(type) ? [[least, min_length] as const, [most, max_length] as const] : [],
  );
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, number] => pair[1] !== undefined));
}

const LENGTHS: Readonly<Record<string, readonly [least: string, most: string]>> = {
  string: ["minLength", "maxLength"],
  array: ["minItems", "maxItems"],
  object: ["minProperties", "maxProperties"],
};
