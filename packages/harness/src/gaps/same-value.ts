import type { JsonObject, JsonValue } from "@lem/domain";

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * Whether a value as given (numbers and containers tagged as Python's) is what an engine reports, in plain JSON, to
 * hold. As in Python, 1, 1.0 and True are equal; a list, tuple and set of equal elements count as equal, since reports
 * do not tell them apart; so do a type and its full name (`float16`, `torch.float16`), and a mapping to which the
 * engine added its defaults.
 */
export const isSameValue = (given: JsonValue, reported: JsonValue): boolean =>
  isSame(plainOf(given), plainOf(reported), isSet(given));

const isTagged = (value: JsonValue): value is { readonly $py: string; readonly value: JsonValue } =>
  value !== null && typeof value === "object" && "$py" in value;

const NUMBERS = new Set(["float", "int"]);

const isSet = (value: JsonValue): boolean => isTagged(value) && value.$py.endsWith("set");

function plainOf(value: JsonValue): Plain {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value === null || typeof value !== "object") return value;
  if (!isTagged(value)) return mapped(Object.entries(value as JsonObject));
  if (typeof value.value === "string" && NUMBERS.has(value.$py)) return numberOf(value.value);
  if (value.$py === "dict") return mapped(value.value as readonly (readonly [JsonValue, JsonValue])[]);
  return plainOf(value.value);
}

const mapped = (pairs: readonly (readonly [JsonValue, JsonValue])[]): Plain =>
  Object.fromEntries(
    pairs.map(([key, inner]) => [typeof key === "string" ? key : JSON.stringify(plainOf(key)), plainOf(inner)]),
  );

/** As Python writes floats: `nan` and `inf` have other names here. */
const numberOf = (text: string): number => Number(text.replace("inf", "Infinity").replace("nan", "NaN"));

function isSame(a: Plain, b: Plain, unordered = false): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a as readonly Plain[], b as readonly Plain[], unordered);
  if (isMapping(a)) return isMapping(b) && sameKeys(a, b);
  if (isNumeric(a) && isNumeric(b)) return Object.is(Number(a), Number(b)) || Number(a) === Number(b);
  return a === b || isSameName(a, b);
}

const isSameName = (a: Plain, b: Plain): boolean =>
  typeof a === "string" && typeof b === "string" && (a.endsWith(`.${b}`) || b.endsWith(`.${a}`));

const isMapping = (value: Plain): value is { readonly [key: string]: Plain } =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const isNumeric = (value: Plain): value is number | boolean => typeof value === "number" || typeof value === "boolean";

function sameItems(a: readonly Plain[], b: readonly Plain[], unordered: boolean): boolean {
  if (a.length !== b.length) return false;
  if (unordered) return a.every((item) => b.some((other) => isSame(item, other)));
  return a.every((item, index) => isSame(item, b[index] ?? null));
}

const sameKeys = (a: { readonly [key: string]: Plain }, b: { readonly [key: string]: Plain }): boolean =>
  Object.entries(a).every(([key, value]) => Object.hasOwn(b, key) && isSame(value, b[key] ?? null));
