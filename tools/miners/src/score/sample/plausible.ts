import { float, int, isDict, list, tuple, type PyValue } from "@lem/config/invariants";
import { dictOf, setOf } from "./containers.ts";
import type { Draw } from "./draw.ts";
import type { Field, NestedClass } from "./subject.ts";
import type { ValueType } from "./value-type.ts";
import { wild } from "./wild.ts";

/** Words that settings of all kinds take, and some that none takes. */
const WORDS = ["auto", "none", "default", "float16", "bfloat16", "cpu", "cuda", "x", "foo", "a b", "", "0"] as const;
const SMALL_FLOATS = [0, 1, -1, 0.5, 2, -0.5, 1.5, 1e-6, 0.999, 1.001, 100, 0.1, -2, 2.5] as const;
const ROUND_INTS = [16, 32, 64, 100, 128, 256, 512, 1000, 1024, 4096, 65_536, 2_147_483_647] as const;
const MAX_DEPTH = 3;

type PlainKind = Exclude<ValueType["kind"], "values" | "union" | "list" | "tuple" | "set" | "dict">;
type Make = (draw: Draw, field: Field) => PyValue;

/** A value that a person who read the parameter's type and documentation might write. */
export function plausible(draw: Draw, field: Field, type: ValueType = field.type, depth = 0): PyValue {
  switch (type.kind) {
    case "values":
      return draw.chance(0.9) ? (draw.pick(type.values) ?? null) : nearMiss(draw, type.values);
    case "union":
      return plausible(draw, field, alternative(draw, type.of), depth);
    case "list":
    case "tuple":
    case "set":
    case "dict":
      return container(draw, field, { type, depth });
    default:
      return draw.pick(PLAIN[type.kind])(draw, field);
  }
}

/** None is what one writes least. */
function alternative(draw: Draw, types: readonly ValueType[]): ValueType {
  const others = types.filter(({ kind }) => kind !== "none");
  const mayBeNone = others.length < types.length;
  return (mayBeNone && draw.chance(0.08) ? undefined : draw.pick(others)) ?? { kind: "none" };
}

const smallInt: Make = (draw) => draw.between(0, 10);
const hinted =
  (fits: (value: PyValue) => boolean, other: Make): Make =>
  (draw, field) => {
    const known = [...field.hints, ...(field.default === undefined ? [] : [field.default])].filter(fits);
    return draw.pick(known) ?? other(draw, field);
  };

const isInt = (value: PyValue): boolean => typeof value === "number" || typeof value === "bigint";
const isNumber = (value: PyValue): boolean =>
  isInt(value) || (value !== null && typeof value === "object" && value.type === "float");
const asNumber = (value: PyValue): number =>
  value !== null && typeof value === "object" && value.type === "float" ? value.value : Number(value);
const known = hinted(isInt, smallInt);

const INTS: readonly [Make, ...Make[]] = [
  smallInt,
  (draw) => draw.pick([-1, 0, 1, 2]),
  (draw) => draw.pick(ROUND_INTS),
  (draw) => draw.between(-100, -1),
  (draw) => Math.floor(2 ** (draw.unit() * 31)),
  (draw, field) => int(BigInt(Math.round(asNumber(known(draw, field)))) + BigInt(draw.between(-1, 1))),
  (draw, field) => int(BigInt(Math.round(asNumber(known(draw, field)))) * BigInt(draw.between(1, 4))),
  known,
  known,
];

const unit: Make = (draw) => float(Number(draw.unit().toFixed(3)));
const knownNumber = hinted(isNumber, unit);

const FLOATS: readonly [Make, ...Make[]] = [
  unit,
  unit,
  (draw) => float(draw.pick(SMALL_FLOATS)),
  (draw) => float(draw.pick(SMALL_FLOATS)),
  (draw) => float(Number((draw.unit() * 4 - 2).toFixed(2))),
  (draw) => float(Number((10 ** (draw.unit() * 8 - 6)).toPrecision(3))),
  (draw, field) => float(asNumber(knownNumber(draw, field)) + draw.pick([0, 0.01, -0.01, 1, -1])),
  (draw) => draw.between(-1, 3),
];

const word: Make = (draw) => draw.pick(WORDS);
const knownText = hinted((value) => typeof value === "string", word);

const TEXTS: readonly [Make, ...Make[]] = [
  word,
  knownText,
  knownText,
  (draw, field) => {
    const text = knownText(draw, field);
    return draw.pick([`${text as string}x`, (text as string).toUpperCase(), text]);
  },
];

const ANY: readonly [Make, ...Make[]] = [
  () => null,
  (draw) => draw.chance(0.5),
  smallInt,
  knownText,
  unit,
  (draw, field) => draw.pick(field.hints) ?? null,
  () => list([]),
  () => dictOf([]),
];

const PLAIN: Readonly<Record<PlainKind, readonly [Make, ...Make[]]>> = {
  any: ANY,
  bool: [(draw) => draw.chance(0.5)],
  bytes: [() => ({ type: "bytes", value: "x" }), () => ({ type: "bytes", value: "" })],
  float: FLOATS,
  int: INTS,
  none: [() => null],
  opaque: [
    (draw, field) =>
      field.nested.length > 0 && draw.chance(0.9) ? keywordsOf(draw, field) : draw.pick(ANY)(draw, field),
  ],
  str: TEXTS,
};

function nearMiss(draw: Draw, values: readonly PyValue[]): PyValue {
  const one = draw.pick(values) ?? null;
  if (typeof one === "string") return draw.pick([`${one}x`, one.toUpperCase(), "foo"]);
  return isInt(one) ? int(BigInt(one as number | bigint) + 1n) : null;
}

function container(
  draw: Draw,
  field: Field,
  { type, depth }: { readonly type: Extract<ValueType, { kind: "list" | "tuple" | "set" | "dict" }>; depth: number },
): PyValue {
  const count = draw.pick([0, 1, 1, 2, 2, 3]);
  const make = (of: ValueType): PyValue => plausible(draw, field, depth > MAX_DEPTH ? { kind: "int" } : of, depth + 1);
  const many = (of: ValueType): readonly PyValue[] => Array.from({ length: count }, () => make(of));
  switch (type.kind) {
    case "list":
      return list([...many(type.items)]);
    case "tuple":
      return tuple([...many(type.items)]);
    case "set":
      return setOf(many(type.items));
    default:
      if (field.nested.length > 0 && draw.chance(0.8)) return keywordsOf(draw, field);
      return dictOf(keysOf(draw, field, many(type.keys)).map((key) => [key, itemOf(draw, field, make(type.values))]));
  }
}

/** Keys that are documented, or that the default has; at times others. */
function keysOf(draw: Draw, { names, hints, default: usual }: Field, others: readonly PyValue[]): readonly PyValue[] {
  const own = usual !== undefined && isDict(usual) ? [...usual.index.values()].map(([key]) => key) : [];
  const known = [...own, ...names, ...hints.filter((hint) => typeof hint === "string")];
  return known.length > 0 && draw.chance(0.75) ? draw.some(known, draw.between(1, 4)) : others;
}

/** An item of a dict: at times a dict of documented keys itself. */
const itemOf = (draw: Draw, { names }: Field, plain: PyValue): PyValue =>
  names.length > 0 && draw.chance(0.12) ? dictOf(draw.some(names, 2).map((key) => [key, plain])) : plain;

/** Whether there is more to know of a parameter's value than its type. */
export const isNesting = ({ nested, names, type }: Field): boolean =>
  nested.length > 0 ||
  (names.length > 0 && (type.kind === "union" ? type.of : [type]).some(({ kind }) => kind === "dict"));

/** An object of a class that a parameter takes, a dict of its keywords, or one of documented keys. */
export function nestedValue(draw: Draw, field: Field): PyValue {
  const made = field.nested.filter(({ isMade }) => isMade);
  const cls = draw.chance(0.5) ? draw.pick(made) : undefined;
  if (cls === undefined) return field.nested.length > 0 ? keywordsOf(draw, field) : dictFor(draw, field);
  const { className, mro } = cls;
  return { type: "object", className, mro, attributes: new Map(given(draw, cls)) };
}

const dictFor = (draw: Draw, field: Field): PyValue => {
  const keys = keysOf(draw, field, []);
  return dictOf(keys.map((key) => [key, itemOf(draw, field, plausible(draw, field, { kind: "any" }))]));
};

/** A dict of keywords of a class that the parameter takes. */
function keywordsOf(draw: Draw, { nested }: Field): PyValue {
  const cls = draw.pick(nested);
  if (cls === undefined) return null;
  const pairs = given(draw, cls);
  return dictOf(draw.chance(0.95) ? pairs : [...pairs, ["x", 1]]);
}

/** A few keywords, each mostly of its type. */
function given(draw: Draw, { fields }: NestedClass): readonly (readonly [string, PyValue])[] {
  const needed = fields.filter(({ required }) => required && draw.chance(0.95));
  const others = fields.filter((field) => !needed.includes(field));
  const chosen = [...needed, ...draw.some(others, draw.pick([0, 1, 1, 2, 2, 3]))];
  return chosen.map((field) => [field.name, draw.chance(0.88) ? plausible(draw, field) : wild(draw, field)] as const);
}
