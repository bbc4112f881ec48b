import type { JsonValue } from "@lem/domain";
import type { Finding } from "./problem.ts";
import { nearest, suggestion } from "./suggest.ts";
import { isWholeFloat, type Located, type Path } from "./yaml/located.ts";

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  integer: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
  null: "null",
};

/** A type's name as people say it. */
export const typeWord = (type: string): string => TYPE_WORDS[type] ?? type;

/** A value as people say it, cut to one line. */
export function valueWord(node: Located | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a map";
  if (node.value === null) return "nothing (null)";
  if (typeof node.value === "string") return `the text ${quote(node.value)}`;
  if (isWholeFloat(node)) return `the float ${String(node.value)}.0`;
  return String(node.value);
}

/** A text in quotes, cut to a readable length. */
const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** A key that nothing reads. `elsewhere` is a path where it would be read. */
export function unknownKey(path: Path, allowed: readonly string[], elsewhere?: string): Finding {
  const key = path.at(-1) ?? "";
  const near = nearest(key, allowed);
  const hint = near === undefined && elsewhere !== undefined ? `did you mean ${elsewhere}?` : suggestion(key, allowed);
  return { code: "config.unknown-key", path, at: "key", message: `unknown key ${quote(key)}`, hint };
}

/** A value of another type than the expected ones. */
export function wrongType(path: Path, expected: readonly string[], node: Located | undefined): Finding {
  const words = [...new Set(expected.map(typeWord))];
  return {
    code: "config.wrong-type",
    path,
    at: "value",
    message: `expected ${words.join(" or ")}, got ${valueWord(node)}`,
    hint: typeHint(expected, node),
  };
}

function typeHint(expected: readonly string[], node: Located | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined;
  if (isWholeFloat(node)) return `write ${String(node.value)}, without a fraction: the engine tells 1 from 1.0`;
  if (typeof node.value === "string") return textHint(expected, node.value);
  return expected.includes("string") ? `put it in quotes: "${String(node.value)}"` : undefined;
}

const NUMERIC = ["int", "integer", "number"];

function textHint(expected: readonly string[], text: string): string | undefined {
  if (expected.includes("boolean") && /^(?:yes|no|on|off)$/i.test(text)) return "in YAML 1.2 it is true or false";
  const isNumber = text.trim() !== "" && Number.isFinite(Number(text));
  return isNumber && expected.some((type) => NUMERIC.includes(type)) ? `leave the quotes out: ${text}` : undefined;
}

/** A value outside a closed list. */
export function notAllowed(path: Path, allowed: readonly JsonValue[], node: Located | undefined): Finding {
  const value = node?.kind === "scalar" ? node.value : undefined;
  const words = allowed.map((option) => (typeof option === "string" ? option : JSON.stringify(option)));
  const near = typeof value === "string" ? nearest(value, words) : undefined;
  const hint = near === undefined ? undefined : `did you mean ${near}?`;
  const shown = words.length > 20 ? [...words.slice(0, 20), `${words.length - 20} more`] : words;
  return {
    code: "config.not-allowed",
    path,
    at: "value",
    message: `${valueWord(node)} is none of ${shown.join(", ")}`,
    hint,
  };
}

/** A value beyond a bound; `bound` completes "it must be ...". */
export const outOfRange = (path: Path, bound: string, node: Located | undefined): Finding => ({
  code: "config.out-of-range",
  path,
  at: "value",
  message: `${valueWord(node)} is out of range: it must be ${bound}`,
});

/** A required key that is absent. */
export const missingKey = (path: Path): Finding => ({
  code: "config.missing-key",
  path,
  at: "value",
  message: `the key ${quote(path.at(-1) ?? "")} is required here`,
});
