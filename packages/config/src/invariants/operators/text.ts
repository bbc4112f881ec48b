import { raises, unknown, type Outcome } from "../outcome.ts";
import { floatText } from "../values/float-text.ts";
import { isBytes, isFloat, isObject, isSequence, splitsCharacter, type PyValue } from "../values/value.ts";
import { binary, method, total, unary, type Operator } from "./operator.ts";

/** Names of the operators on texts. */
export type TextName = "startsWith" | "endsWith" | "lower" | "upper" | "strip" | "str";

/** A method of `str` and `bytes`. */
function ofText(operator: Operator): Operator {
  return method(operator, (value) => wordsOf(value) !== undefined);
}

/** Methods of `str` and `bytes`; AttributeError on all other types. */
export const TEXT: Readonly<Record<TextName, Operator>> = {
  startsWith: ofText(
    binary("($1).startswith($2)", "begins with a text, or with one of a tuple", (a, b) =>
      affix(a, b, (text, part) => text.startsWith(part) && !splitsCharacter(text, part.length)),
    ),
  ),
  endsWith: ofText(
    binary("($1).endswith($2)", "ends with a text, or with one of a tuple", (a, b) =>
      affix(a, b, (text, part) => text.endsWith(part) && !splitsCharacter(text, text.length - part.length)),
    ),
  ),
  lower: ofText(unary("($1).lower()", "in lower case", (a) => change(a, (text) => text.toLowerCase(), asciiLower))),
  upper: ofText(unary("($1).upper()", "in upper case", (a) => change(a, (text) => text.toUpperCase(), asciiUpper))),
  str: total(unary("str($1)", "as text; unknown for containers", asText)),
  strip: ofText(unary("($1).strip()", "without blanks at both ends", (a) => change(a, strip, stripBytes))),
};

/** Longer integers Python refuses to write out. */
const MAX_BITS = 13_000n;

function asText(value: PyValue): Outcome {
  if (typeof value === "string") return value;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (isFloat(value)) return floatText(value.value);
  if (typeof value === "object") return unknown(isObject(value) ? "object" : "untranslated", "str", isObject(value));
  const whole = BigInt(value);
  return whole < 2n ** MAX_BITS && whole > -(2n ** MAX_BITS) ? String(value) : unknown("limit", "str", true);
}

type Words = { readonly text: string; readonly bytes: boolean };

function wordsOf(value: PyValue): Words | undefined {
  if (typeof value === "string") return { text: value, bytes: false };
  return isBytes(value) ? { text: value.value, bytes: true } : undefined;
}

function affix(value: PyValue, part: PyValue, test: (text: string, part: string) => boolean): Outcome {
  const words = wordsOf(value);
  if (words === undefined) return raises("AttributeError");
  const parts = isSequence(part) && part.type === "tuple" ? part.items : [part];
  for (const one of parts) {
    const wanted = wordsOf(one);
    if (wanted === undefined || wanted.bytes !== words.bytes) return raises("TypeError");
    if (test(words.text, wanted.text)) return true;
  }
  return false;
}

function change(value: PyValue, text: (text: string) => string, bytes: (text: string) => string): Outcome {
  const words = wordsOf(value);
  if (words === undefined) return raises("AttributeError");
  return words.bytes ? { type: "bytes", value: bytes(words.text) } : text(words.text);
}

const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const asciiUpper = (text: string): string => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());

/** What `str.isspace` counts as blank. */
const BLANKS = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const AROUND = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, "g");
const strip = (text: string): string => text.replaceAll(AROUND, "");
const stripBytes = (text: string): string => text.replaceAll(/^[\t-\r ]+|[\t-\r ]+$/g, "");
