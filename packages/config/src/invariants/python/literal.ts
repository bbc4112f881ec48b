import { floatText } from "../values/float-text.ts";
import { byteValues } from "../values/iteration.ts";
import type { PyValue } from "../values/value.ts";

/** A text as a Python literal; JSON's escapes are Python's. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A variable under a name that is no keyword and no built-in of Python. */
export const pythonVariable = (name: string): string => `${name}_`;

/** A value as Python source. Objects become a call of `opaque`, as nothing but their class is known. */
export function pythonLiteral(value: PyValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return value < 0 ? `(${value})` : String(value);
  if (value.type === "float") return pythonFloat(value.value);
  if (value.type === "bytes") return `bytes([${byteValues(value.value).join(", ")}])`;
  if (value.type === "object") return `opaque(${quoted(value.className)})`;
  return pythonContainer(value);
}

function pythonFloat(value: number): string {
  const text = floatText(value);
  if (!Number.isFinite(value)) return `float("${text}")`;
  return text.startsWith("-") ? `(${text})` : text;
}

function pythonContainer(value: Extract<PyValue, { type: "list" | "tuple" | "set" | "frozenset" | "dict" }>): string {
  if (value.type === "dict") {
    const pairs = [...value.index.values()].map(([key, inner]) => `${pythonLiteral(key)}: ${pythonLiteral(inner)}`);
    return `{${pairs.join(", ")}}`;
  }
  const items = "items" in value ? value.items : [...value.index.values()];
  const parts = items.map(pythonLiteral);
  if (value.type === "list") return `[${parts.join(", ")}]`;
  const asTuple = `(${parts.map((part) => `${part},`).join(" ")})`;
  return value.type === "tuple" ? asTuple : `${value.type}(${asTuple})`;
}
