import type { JsonObject, JsonValue } from "@lem/domain";

/** Keyword that {@link markIntegers} adds: the value must be written as a whole number, not as `1.0`. */
export const WRITTEN_INTEGER = "writtenInteger";

const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const LISTS = new Set(["anyOf", "allOf", "oneOf", "prefixItems"]);
const SINGLE = new Set([
  "items",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
]);

/**
 * A copy of a JSON Schema that tells Python's int from float. To JSON Schema 1.0 is an integer, to the engines it is
 * not; wherever `integer` is asked and `number` is not allowed, the copy also asks for {@link WRITTEN_INTEGER}.
 */
export function markIntegers(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, markInside(key, value)]));
  const types = [schema["type"] ?? []].flat();
  return types.includes("integer") && !types.includes("number") ? { ...copy, [WRITTEN_INTEGER]: true } : copy;
}

function markInside(key: string, value: JsonValue): JsonValue {
  if (SINGLE.has(key)) return markIntegers(value);
  if (LISTS.has(key) && Array.isArray(value)) return value.map(markIntegers);
  if (!MAPS.has(key) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, markIntegers(inner)]));
}

const isObject = (value: JsonValue): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
