import {
  decodeValue,
  encodeValue,
  float,
  int,
  isDict,
  isFloat,
  isSequence,
  isSet,
  list,
  tuple,
  type PyValue,
} from "@lem/config/invariants";

/** A dict with one key. */
export const dictOf = (key: PyValue, value: PyValue): PyValue =>
  decodeValue({ $py: "dict", value: [[encodeValue(key), encodeValue(value)]] });

const EMPTY_DICT = decodeValue({});

/** One or two values of each built-in type, as a class test names it. */
export const OF_TYPE: Readonly<Record<string, readonly PyValue[]>> = {
  none: [null],
  bool: [true, false],
  int: [1, 0, -1, 2],
  float: [float(0.5), float(1)],
  str: ["x", ""],
  list: [list([1]), list(["x"]), list([])],
  tuple: [tuple([1, 2])],
  dict: [dictOf("x", 1), EMPTY_DICT],
  set: [decodeValue({ $py: "set", value: [1] })],
  bytes: [{ type: "bytes", value: "x" }],
};

const ODD: readonly PyValue[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5].map(float),
  100,
  "1",
  "auto",
  list([list([1])]),
];

/** Values that no field expects all of: what a user may write by mistake. */
export const WILD: readonly PyValue[] = [
  ...["none", "bool", "int", "float", "str", "list", "tuple", "dict"].flatMap((type) => OF_TYPE[type] ?? []),
  ...ODD,
];

/** Values at and beside one that a condition compares with. */
export function around(value: PyValue): readonly PyValue[] {
  if (typeof value === "boolean" || value === null) return [value, null, true, false, 0, 1];
  if (typeof value === "number" || typeof value === "bigint") return aroundInt(value);
  if (typeof value === "string") return [value, `${value}x`, value.toUpperCase(), ""];
  if (isFloat(value)) return aroundFloat(value.value);
  return [value, ...elementsOf(value), ...aroundContainer(value)];
}

function aroundInt(value: number | bigint): readonly PyValue[] {
  const exact = BigInt(value);
  const near = [exact, exact - 1n, exact + 1n].map(int);
  return typeof value === "bigint" ? near : [...near, float(value), float(value + 0.5), int(exact * 2n)];
}

function aroundFloat(value: number): readonly PyValue[] {
  if (!Number.isFinite(value)) return [float(value)];
  const step = Math.max(Math.abs(value), 1) * 1e-6;
  const near = [value, value - step, value + step, value - 0.5, value + 0.5, value - 1, value + 1].map(float);
  return Number.isInteger(value) ? [...near, ...aroundInt(BigInt(value))] : near;
}

function aroundContainer(value: PyValue): readonly PyValue[] {
  if (isDict(value)) return [EMPTY_DICT];
  if (!isSequence(value)) return [];
  const { items } = value;
  return [list(items), tuple(items), list(items.slice(1)), list([...items, ...items.slice(0, 1)]), list([])];
}

/** The elements of a container, at most a dozen. */
export function elementsOf(container: PyValue): readonly PyValue[] {
  if (isSequence(container)) return container.items.slice(0, 12);
  if (isSet(container)) return [...container.index.values()].slice(0, 12);
  return isDict(container) ? [...container.index.values()].slice(0, 12).map(([key]) => key) : [];
}

/** Containers of a length. */
export function ofLength(length: PyValue): readonly PyValue[] {
  if (typeof length !== "number" || length < 0 || length > 64) return [];
  const items = Array.from({ length }, (_, place) => place + 1);
  return [list(items), tuple(items), "x".repeat(length)];
}

const COUNT = 36;
const counted = <T>(make: (place: number) => T): readonly T[] =>
  Array.from({ length: COUNT }, (_, place) => make(place));

/** Many values of each type that a user may write, no two alike. */
export const SPREAD: readonly PyValue[] = [
  ...counted((place) => (place + 3) * (place % 2 === 0 ? 1 : -1)),
  ...counted((place) => float(place + 0.25)),
  ...counted((place) => float(place + 3)),
  ...counted((place) => float((place + 1) * 1e19)),
  ...counted((place) => `text${place}`),
  ...counted((place) => String(place + 3)),
  ...counted((place) => list([place])),
  ...counted((place) => list([`text${place}`])),
  ...counted((place) => dictOf(`key${place}`, place)),
];
