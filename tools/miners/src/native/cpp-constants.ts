import type { JsonValue } from "@lem/domain";
import type { CppText } from "./cpp-text.ts";

const DECLARED = /\b(?:constexpr|const)\b[^;(){}=]*?\b(\w+)\s*(?:=\s*([^;{}]+)|\{([^;{}]*)\})\s*;/g;

/** Named constants of C++ files by their own name; one that two files give different values has none. */
export function cppConstants(texts: readonly CppText[]): ReadonlyMap<string, JsonValue> {
  const found = new Map<string, Set<string>>();
  for (const { raw, code } of texts) {
    for (const match of code.matchAll(DECLARED)) {
      const [whole, name = ""] = match;
      const text = raw
        .slice(match.index, match.index + whole.length)
        .replace(/^[^={]*[={]/, "")
        .replace(/\}?\s*;$/, "");
      found.set(name, (found.get(name) ?? new Set()).add(text.trim()));
    }
  }
  const single = [...found].flatMap(([name, values]) => {
    const [first = ""] = values;
    const value = values.size === 1 ? literal(first) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return new Map(single);
}

const PLAIN: Readonly<Record<string, JsonValue>> = {
  true: true,
  false: false,
  nullptr: null,
  "nb::none()": null,
  "std::nullopt": null,
};
const WRAPPED =
  /^(?:nb::(?:int_|float_|str|bool_)|std::optional<[^()]*>|static_cast<[^()]*>|\w+Type32|size_t)\s*[({]([^(){}]*)[)}]$/;

/** A literal of C++ as a tagged value; undefined for any other expression. */
export function literal(written: string): JsonValue | undefined {
  const text = written.trim();
  if (Object.hasOwn(PLAIN, text)) return PLAIN[text];
  const string = /^"((?:\\.|[^"\\])*)"$/.exec(text)?.[1];
  if (string !== undefined) return string;
  if (/^-?\d+[uUlL]*$/.test(text)) return Number(text.replace(/[uUlL]+$/, ""));
  if (/^-?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?[fF]?$/.test(text)) return float(text.replace(/[fF]$/, ""));
  const inner = WRAPPED.exec(text)?.[1];
  return inner === undefined ? undefined : literal(inner);
}

const float = (text: string): JsonValue => ({ $py: "float", value: String(Number(text)) });

/** The value of an expression: a literal, or a constant by its own name. */
export function constantValue(written: string, constants: ReadonlyMap<string, JsonValue>): JsonValue | undefined {
  const known = literal(written);
  if (known !== undefined) return known;
  const name = /^(?:\w+::)*(\w+)$/.exec(written.trim())?.[1];
  return name === undefined ? undefined : constants.get(name);
}
