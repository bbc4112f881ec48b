import type { Tagged } from "../probe/protocol.ts";

/** Whether two tagged values are the same, types included; sets and dicts have no order, floats one way to be written. */
export const isSameValue = (a: Tagged, b: Tagged): boolean => canonical(a) === canonical(b);

function canonical(value: Tagged): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const fields = value as Readonly<Record<string, Tagged>>;
  const { $py: type, value: held } = fields;
  if (type === "float") return `float ${floatText(String(held))}`;
  if (/^(set|frozenset|dict)$/.test(String(type)) && Array.isArray(held))
    return `${String(type)}{${held.map(canonical).toSorted(byText).join(",")}}`;
  const pairs = Object.entries(fields).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${pairs.toSorted(byText).join(",")}}`;
}

/** 1e-05 and 0.00001 are one float, and so are 0.0 and -0.0 to all that compares them. */
function floatText(text: string): string {
  const value = Number(text) + 0;
  return Number.isFinite(value) ? String(value) : text;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
