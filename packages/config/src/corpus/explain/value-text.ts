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

/** Values as an enumeration: `"a", "b" or 3`. */
export function choiceText(values: readonly PyValue[]): string {
  const words = values.slice(0, 12).map(valueText);
  if (values.length > words.length) words.push(`${values.length - words.length} more`);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
