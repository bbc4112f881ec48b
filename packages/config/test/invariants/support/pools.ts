import type { PyValue } from "../../../src/invariants/index.ts";
import { decodeValue, encodeValue, float, int, list, tuple } from "../../../src/invariants/index.ts";
import type { Random } from "./random.ts";

const PLAIN_INTS = [0, 1, -1, 2, 3, 4, 5, 7, 8, 16, 64, 100, -7, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1];
const LARGE_INTS = [
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n,
  2n ** 64n,
  10n ** 25n,
  -(10n ** 25n),
  10n ** 400n,
];
const INTS: readonly PyValue[] = [...PLAIN_INTS, ...LARGE_INTS.map(int)];
const SMALL_INTS: readonly PyValue[] = [0, 1, 2, 3, 4, 5, -1, -2, 8];
const FINITE = [
  0,
  -0,
  1,
  0.5,
  1.5,
  -2.5,
  1e-5,
  0.1,
  0.3,
  0.7,
  2,
  3,
  7,
  1e16,
  1e22,
  2 ** 53,
  1e308,
  -1e308,
  5e-324,
  123456.789,
];
const FLOATS: readonly PyValue[] = [...FINITE, Infinity, -Infinity, NaN].map(float);
const MODERATE: readonly PyValue[] = [-0.5, -1.5, -3, -7, 2.5, 0.25, 4, 10, -2].map(float);
const WORDS = ["", "a", "b", "ab", "abc", "auto", "AUTO", " x ", "never", "xgrammar:lax", "16", "1,2-3", "a\nb", '"\\'];
const LETTERS = ["ß", "Σας", "İ", "\u0085x\u001c", "😀", "é", "\u{10000}", "\uffff", "\ud800", "\ufeff"];
/** Texts that UTF-16 and code points order differently. */
const EDGES = ["\ue000", "\uffff", "😀", "\u{10000}a"];
const TEXTS: readonly PyValue[] = [...WORDS, ...LETTERS, ...EDGES];
const BYTES: readonly PyValue[] = ["", "abc", "\u00ff\u0000", " A "].map((value) => ({ type: "bytes", value }));

/** The types that the generator tells apart. */
export type Kind = "number" | "small" | "text" | "bool" | "sequence" | "dict" | "set" | "bytes" | "any";

/** A value of a kind, edge cases included. */
export function valueOf(kind: Kind, random: Random, depth = 2): PyValue {
  switch (kind) {
    case "number":
      return number(random);
    case "small":
      return random.chance(0.1) ? random.chance(0.5) : random.pick(SMALL_INTS);
    case "text":
      return random.pick(TEXTS);
    case "bytes":
      return random.pick(BYTES);
    case "bool":
      return random.chance(0.5);
    case "sequence":
      return sequence(random, depth);
    case "dict":
      return dict(random, depth);
    case "set":
      return set(random);
    default:
      return anyValue(random, depth);
  }
}

function number(random: Random): PyValue {
  if (random.chance(0.1)) return random.chance(0.5);
  return random.pick(random.chance(0.5) ? INTS : random.chance(0.6) ? FLOATS : MODERATE);
}

/** A value that is easily taken for another: equal or not, of another type or form. */
export function related(value: PyValue, random: Random): PyValue {
  if (value === null) return random.pick([value, false, 0, ""]);
  if (typeof value === "string") return random.pick([value, ...EDGES, ...EDGES, ...LETTERS]);
  if (typeof value === "boolean") return random.pick([value, Number(value), float(Number(value))]);
  if (typeof value !== "object")
    return random.pick([value, float(Number(value)), int(BigInt(value) + 1n), String(value)]);
  if (value.type === "float")
    return random.pick([value, float(-value.value), Number.isSafeInteger(value.value) ? value.value + 0 : value]);
  if (value.type === "list")
    return random.pick([tuple(value.items), list(value.items), list(value.items.slice(1)), list([...value.items, 1])]);
  if (value.type === "tuple") return random.pick([list(value.items), tuple(value.items), tuple(value.items.slice(1))]);
  return value;
}

const SCALARS: readonly Kind[] = ["number", "small", "text", "bool"];
const ALL_KINDS: readonly Kind[] = [
  "number",
  "number",
  "small",
  "text",
  "text",
  "bool",
  "sequence",
  "sequence",
  "dict",
  "set",
];

function anyValue(random: Random, depth: number): PyValue {
  if (random.chance(0.15)) return null;
  if (random.chance(0.05)) return random.pick(BYTES);
  return valueOf(random.pick(depth > 0 ? ALL_KINDS : SCALARS), random, depth - 1);
}

/** Mostly of one kind, as in configurations, and sometimes mixed. */
function items(random: Random, depth: number): readonly PyValue[] {
  const kind = random.chance(0.2) ? "any" : random.pick<Kind>(["small", "small", "number", "text", "bool"]);
  return Array.from({ length: random.below(5) }, () => valueOf(kind, random, depth - 1));
}

const sequence = (random: Random, depth: number): PyValue =>
  random.chance(0.65) ? list(items(random, depth)) : tuple(items(random, depth));

const hashable = (random: Random): PyValue =>
  random.chance(0.1)
    ? tuple([random.pick(SMALL_INTS), random.pick(TEXTS)])
    : random.pick([...SMALL_INTS, ...SMALL_INTS, ...TEXTS, float(1), float(0.5), true, false, null, int(2n ** 64n)]);

function dict(random: Random, depth: number): PyValue {
  const pairs = Array.from(
    { length: random.below(4) },
    () => [hashable(random), valueOf("any", random, depth - 1)] as const,
  );
  return decodedDict(pairs);
}

function set(random: Random): PyValue {
  const kind = random.pick(["set", "set", "frozenset"]);
  const pool = random.chance(0.6)
    ? SMALL_INTS
    : random.chance(0.5)
      ? TEXTS
      : Array.from({ length: 6 }, () => hashable(random));
  return decodeValue({ $py: kind, value: Array.from({ length: random.below(4) }, () => encoded(random.pick(pool))) });
}

const decodedDict = (pairs: readonly (readonly [PyValue, PyValue])[]): PyValue =>
  decodeValue({ $py: "dict", value: pairs.map(([key, value]) => [encoded(key), encoded(value)]) });

const encoded = (value: PyValue): unknown => encodeValue(value);

const EVENLY: readonly Kind[] = ["number", "small", "text", "bool", "sequence", "dict", "set"];

/** Values for facts that a case lacks: of every type, those of interest to the case, and two foreign objects. */
export function completion(random: Random, interesting: readonly PyValue[]): PyValue {
  if (random.chance(0.12)) return foreign(random.pick(["Yes", "No"]));
  if (interesting.length > 0 && random.chance(0.4)) return random.pick(interesting);
  return random.chance(0.3) ? anyValue(random, 2) : valueOf(random.pick(EVENLY), random);
}

const foreign = (className: string): PyValue => ({
  type: "object",
  className,
  mro: [className],
  attributes: new Map(),
});
