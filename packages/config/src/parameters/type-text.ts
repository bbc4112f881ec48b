import type { JsonObject, JsonValue } from "@lem/domain";

const WORDS: Readonly<Record<string, string>> = {
  integer: "integer",
  number: "number",
  string: "text",
  boolean: "true/false",
  object: "map",
  array: "list",
  null: "null",
};

/** The alternatives of a schema, null last. */
export function alternativesOf(schema: JsonObject): readonly JsonObject[] {
  const union = (schema["anyOf"] ?? schema["oneOf"]) as readonly JsonObject[] | undefined;
  if (union !== undefined) return union.flatMap(alternativesOf).toSorted(nullLast);
  if (!Array.isArray(schema["type"])) return [schema];
  return (schema["type"] as string[]).map((type) => ({ ...schema, type })).toSorted(nullLast);
}

const nullLast = (a: JsonObject, b: JsonObject): number => Number(isNull(a)) - Number(isNull(b));
const isNull = ({ type }: JsonObject): boolean => type === "null";

/** A JSON Schema as people say it: `integer or null`, `list of text`; `any` where it admits everything. */
export function typeText(schema: JsonObject): string {
  const words = alternativesOf(schema).map(wordOf);
  return words.includes("any") ? "any" : [...new Set(words)].join(" or ");
}

function wordOf(schema: JsonObject): string {
  if (Array.isArray(schema["enum"]) || "const" in schema) return choicesWord(listedValues(schema));
  if (typeof schema["class"] === "string") return schema["class"].split(".").at(-1) ?? schema["class"];
  const type = schema["type"];
  if (type === "array" && isObject(schema["items"])) {
    const inner = typeText(schema["items"]);
    return inner === "any" ? "list" : `list of ${inner.includes(" or ") ? `(${inner})` : inner}`;
  }
  return typeof type === "string" ? (WORDS[type] ?? type) : "any";
}

const choicesWord = (values: readonly JsonValue[]): string =>
  values.every((value) => typeof value === "string") ? "text" : [...new Set(values.map(kindOf))].join(" or ");

const kindOf = (value: JsonValue): string => {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return WORDS[typeof value] ?? "any";
};

/** The closed list of values of a schema; empty where an alternative but null admits others. */
export function choicesOf(schema: JsonObject): readonly JsonValue[] {
  const all = alternativesOf(schema).map((each) => (isNull(each) ? [null] : listedValues(each)));
  return all.every((values) => values.length > 0) && all.flat().some((value) => value !== null)
    ? [...new Set(all.flat())]
    : [];
}

/** The values that a schema lists, whether or not it also admits others. */
export const namedValues = (schema: JsonObject): readonly JsonValue[] => [
  ...new Set(alternativesOf(schema).flatMap(listedValues)),
];

const listedValues = (schema: JsonObject): readonly JsonValue[] =>
  (schema["enum"] as JsonValue[] | undefined) ?? ("const" in schema ? [schema["const"] as JsonValue] : []);

const BOUNDS: readonly (readonly [keyword: string, words: string])[] = [
  ["exclusiveMinimum", "> "],
  ["minimum", ">= "],
  ["exclusiveMaximum", "< "],
  ["maximum", "<= "],
  ["multipleOf", "a multiple of "],
  ["minLength", "length >= "],
  ["maxLength", "length <= "],
  ["minItems", "items >= "],
  ["maxItems", "items <= "],
  ["pattern", "matches "],
];

/** The bounds that a schema states. */
export const statedBounds = (schema: JsonObject): readonly string[] => [
  ...new Set(
    alternativesOf(schema).flatMap((each) =>
      BOUNDS.flatMap(([keyword, words]) => {
        const bound = each[keyword];
        return typeof bound === "number" || typeof bound === "string" ? [`${words}${bound}`] : [];
      }),
    ),
  ),
];

/** Keys of the map that a schema describes. */
export const keysOf = (schema: JsonObject): readonly string[] => [
  ...new Set(alternativesOf(schema).flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []))),
];

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
