import type { JsonObject, JsonValue } from "@lem/domain";

/** Keyword that {@link relevantSchema} adds: all keys that the whole schema knows, for suggestions. */
export const KNOWN_KEYS = "knownKeys";

const SAME_VALUE = new Set(["if", "then", "else", "not"]);
const ALTERNATIVES = new Set(["allOf", "anyOf", "oneOf"]);

/**
 * The part of a JSON Schema that can say something about a value, and says the same about it as the whole: properties
 * that the value lacks and conditions that it does not meet are left out. An engine's schema has hundreds of
 * properties, a configuration sets a handful, and compiling the rest would be most of the time of a check.
 */
export const relevantSchema = (schema: JsonValue, value: JsonValue | undefined): JsonValue =>
  FREE_REFERENCE.test(JSON.stringify(schema)) ? schema : relevantPartOf(schema, value);

/** A reference to anything but the schema's definitions: it may need what would be left out. */
const FREE_REFERENCE = /"\$(?:ref":"(?!#\/(?:\$defs|definitions)\/)|dynamicRef"|recursiveRef")/;

function relevantPartOf(schema: JsonValue, value: JsonValue | undefined): JsonValue {
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).map(([key, part]) => [key, relevantPart(key, part, value)] as const);
  const known = isObject(schema["properties"]) ? { [KNOWN_KEYS]: Object.keys(schema["properties"]) } : {};
  return { ...Object.fromEntries(kept), ...known };
}

function relevantPart(key: string, part: JsonValue, value: JsonValue | undefined): JsonValue {
  if (SAME_VALUE.has(key)) return relevantPartOf(part, value);
  if (ALTERNATIVES.has(key) && Array.isArray(part)) {
    const branches: readonly JsonValue[] = key === "allOf" ? part.filter((branch) => applies(branch, value)) : part;
    return branches.map((branch) => relevantPartOf(branch, value));
  }
  if (key !== "properties" || !isObject(part) || !isObject(value)) return part;
  const present = Object.entries(part).filter(([name]) => Object.hasOwn(value, name));
  return Object.fromEntries(present.map(([name, inner]) => [name, relevantPartOf(inner, value[name])]));
}

/** False for a condition without `else` that asks a property for another constant than the value holds. */
function applies(branch: JsonValue, value: JsonValue | undefined): boolean {
  if (!isObject(branch) || "else" in branch || !isObject(branch["if"]) || !isObject(value)) return true;
  const asked = branch["if"]["properties"];
  return !isObject(asked) || Object.entries(asked).every(([name, inner]) => mayBe(inner, value[name]));
}

function mayBe(schema: JsonValue, value: JsonValue | undefined): boolean {
  const plain = typeof value === "string" || typeof value === "boolean";
  return !plain || !isObject(schema) || schema["const"] === undefined || schema["const"] === value;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
