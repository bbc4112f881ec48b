import { LemError, type JsonValue } from "@lem/domain";
import { floatText } from "../values/float-text.ts";

type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Reads JSON as Python does: a number with fraction or exponent is a float, any other an int of any size. On a
 * JavaScript engine that does not tell a number's source, integers beyond 2^53 keep the digits of the nearest double.
 * @throws LemError `config.syntax` when it is no JSON
 */
export function parseTaggedJson(text: string): JsonValue {
  const revive: Reviver = (_, value, context) =>
    typeof value === "number" ? taggedNumber(value, context?.source) : value;
  try {
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as JsonValue;
  } catch (cause) {
    throw new LemError("config.syntax", "not valid JSON", { cause });
  }
}

function taggedNumber(value: number, source: string | undefined): JsonValue {
  const whole = source === undefined ? Number.isInteger(value) : /^-?\d+$/.test(source);
  if (!whole) return { $py: "float", value: floatText(value) };
  return Number.isSafeInteger(value) ? value + 0 : { $py: "int", value: source ?? String(BigInt(value)) };
}
