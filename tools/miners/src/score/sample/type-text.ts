import { float, int, type PyValue } from "@lem/config/invariants";
import { union, type ValueType } from "./value-type.ts";

const TOKEN = /[A-Za-z_][\w.]*|"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|[[\]|,]/g;
const PLAIN: Readonly<Record<string, ValueType>> = {
  Any: { kind: "any" },
  None: { kind: "none" },
  bool: { kind: "bool" },
  boolean: { kind: "bool" },
  bytes: { kind: "bytes" },
  float: { kind: "float" },
  int: { kind: "int" },
  integer: { kind: "int" },
  str: { kind: "str" },
  string: { kind: "str" },
};
const CONTAINERS: Readonly<Record<string, "list" | "tuple" | "set" | "dict">> = {
  dict: "dict",
  frozenset: "set",
  iterable: "list",
  list: "list",
  mapping: "dict",
  sequence: "list",
  set: "set",
  tuple: "tuple",
};

/** The type that a doc string writes behind a parameter's name: `` `int` or `list[int]`, *optional*, defaults to 1 ``. */
export function typeOfText(text: string): ValueType {
  const [written = ""] = text.split(/,\s*\*?optional|,?\s*\bdefaults?\b/i);
  const words = written.replaceAll(/\s+or\s+/g, "|").replaceAll(/[`']([A-Za-z_])([\w.]*)[`']/g, "$1$2");
  const tokens = words.match(TOKEN) ?? [];
  return new Reader(tokens).union(["]"]);
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** Types up to one of the ends; `|` and, outside of brackets, commas stand between them. */
  union(ends: readonly string[]): ValueType {
    const found: ValueType[] = [];
    for (let next = this.#peek(); next !== undefined && !ends.includes(next); next = this.#peek()) {
      if (next === "|" || next === "," || next === "]" || next === "[") this.#at += 1;
      else found.push(this.#term());
    }
    return union(found);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #term(): ValueType {
    const token = this.#tokens[this.#at++] ?? "";
    const name = token.split(".").at(-1) ?? token;
    return named(name, token, this.#peek() === "[" ? this.#arguments(name) : []);
  }

  #arguments(name: string): readonly ValueType[] {
    this.#at += 1;
    const found: ValueType[] = [];
    while (this.#peek() !== undefined && this.#peek() !== "]") {
      if (this.#peek() === ",") this.#at += 1;
      else found.push(this.union([",", "]"]));
    }
    this.#at += 1;
    return name === "tuple" || name === "Tuple" ? [union(found)] : found;
  }
}

function named(name: string, token: string, args: readonly ValueType[]): ValueType {
  if (name === "Optional") return union([...args, { kind: "none" }]);
  if (name === "Union") return union(args);
  if (name === "Literal") return { kind: "values", values: args.flatMap(valuesOf) };
  const container = CONTAINERS[name.toLowerCase()];
  if (container === undefined) return PLAIN[name] ?? literal(token);
  const [first = { kind: "any" }, second = { kind: "any" }] = args;
  return container === "dict" ? { kind: "dict", keys: first, values: second } : { kind: container, items: first };
}

function literal(token: string): ValueType {
  if (/^["']/.test(token)) return { kind: "values", values: [token.slice(1, -1)] };
  if (/^-?\d/.test(token)) return { kind: "values", values: [numberOf(token)] };
  if (token === "True" || token === "False") return { kind: "values", values: [token === "True"] };
  return { kind: "opaque", name: token };
}

const valuesOf = (type: ValueType): readonly PyValue[] => (type.kind === "values" ? type.values : []);

/** A number as Python would read it. */
export const numberOf = (text: string): PyValue => (/^-?\d+$/.test(text) ? int(BigInt(text)) : float(Number(text)));
