import { encodeValue, type PyValue } from "../../invariants/index.ts";

const LONGEST = 48;

/** A value as YAML writes it, for people; cut to a readable length. */
export function valueText(value: PyValue): string {
  const text = written(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function written(value: PyValue): string {
  if (value === null || typeof value !== "object") return primitive(value);
  if (value.type === "float") return String((encodeValue(value) as { value: string }).value);
  if (value.type === "bytes") return `bytes(${JSON.stringify(value.value)})`;
  if (value.type === "object") return `a ${value.className.split(".").at(-1) ?? value.className}`;
  if (value.type === "dict") {
    const pairs = [...value.index.values()].map(([key, inner]) => `${written(key)}: ${written(inner)}`);
    return `{${pairs.join(", ")}}`;
  }
  const items = "items" in value ? value.items : [...value.index.values()];
  return `[${items.map(written).join(", ")}]`;
}

const primitive = (value: Exclude<PyValue, object> | null): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value);

/** More values than these are not told one by one. */
export const MOST_CHOICES = 16;

/** Values as an enumeration: `"a", "b" or 3`; only their number where there are many. */
export function choiceText(values: readonly PyValue[]): string {
  if (values.length > MOST_CHOICES) return `${values.length} known values`;
  return alternatives(values.map(valueText));
}

/** `a, b or c`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

const SHORT = 24;

/** A value as YAML writes it; undefined for one that is long. */
export function shortText(value: PyValue): string | undefined {
  const text = written(value);
  return text.length > SHORT ? undefined : text;
}
