import type { JsonObject, JsonValue } from "@lem/domain";
import { isWholeFloat, type Located, type MapNode, type ScalarNode } from "../yaml/located.ts";

const NOTES = ["$schema", "$comment", "title", "description", "default"];
const SECTION_KEYWORDS = new Set([...NOTES, "type", "properties", "additionalProperties", "required"]);
const VALUE_KEYWORDS = new Set([
  ...NOTES,
  "type",
  "enum",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
]);

/**
 * True when a section is seen to be valid without the validator: known scalars of the right type and bounds. False
 * says nothing: the validator then decides. Most configurations are plain, and loading the validator would cost
 * a fifth of the time of their check.
 */
export function isPlainlyValid(schema: JsonObject, section: MapNode): boolean {
  const { properties = {}, required = [], type } = schema;
  if (type !== "object" || !onlyKeywords(schema, SECTION_KEYWORDS)) return false;
  if (!(required as readonly string[]).every((key) => section.entries.has(key))) return false;
  return [...section.entries].every(
    ([key, { value }]) => Object.hasOwn(properties as object, key) && fits((properties as JsonObject)[key], value),
  );
}

const onlyKeywords = (schema: JsonObject, known: ReadonlySet<string>): boolean =>
  Object.keys(schema).every((keyword) => known.has(keyword));

function fits(schema: JsonValue | undefined, node: Located): boolean {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return false;
  const asked = schema as JsonObject;
  if (!onlyKeywords(asked, VALUE_KEYWORDS)) return false;
  if (node.kind !== "scalar") return Object.keys(asked).every((keyword) => NOTES.includes(keyword));
  return fitsType(asked["type"], node) && fitsList(asked["enum"], node) && fitsBounds(asked, node);
}

function fitsType(type: JsonValue | undefined, node: ScalarNode): boolean {
  if (type === undefined) return true;
  const types = [type].flat();
  if (node.value === null) return types.includes("null");
  if (typeof node.value !== "number") return types.includes(typeof node.value);
  return types.includes("number") || (types.includes("integer") && Number.isInteger(node.value) && !isWholeFloat(node));
}

const fitsList = (list: JsonValue | undefined, { value }: ScalarNode): boolean =>
  list === undefined || (Array.isArray(list) && list.includes(value));

function fitsBounds(schema: JsonObject, { value }: ScalarNode): boolean {
  if (typeof value !== "number") return true;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const within = (bound: JsonValue | undefined, holds: (limit: number) => boolean): boolean =>
    bound === undefined || (typeof bound === "number" && holds(bound));
  return (
    within(minimum, (limit) => value >= limit) &&
    within(maximum, (limit) => value <= limit) &&
    within(exclusiveMinimum, (limit) => value > limit) &&
    within(exclusiveMaximum, (limit) => value < limit)
  );
}
