import { isFault, isUnknown, raises, unknown, type Raises, type Unknown } from "../outcome.ts";
import {
  boxType,
  integerOf,
  isBytes,
  isDict,
  isObject,
  isSequence,
  isSet,
  numberOf,
  type PyDict,
  type PySequence,
  type PySet,
  type PyValue,
} from "./value.ts";

const NAN_IDENTITY = unknown("identity", "NaN");
const OBJECT = unknown("object", "==", true);

/** Python's `a == b`. Unknown for objects, and where containers hold NaN, which they compare by identity first. */
export function equals(a: PyValue, b: PyValue): boolean | Unknown {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return left >= right && left <= right;
  if (isObject(a) || isObject(b)) return OBJECT;
  return boxType(a) === undefined ? a === b : boxesEqual(a, b);
}

function boxesEqual(a: PyValue, b: PyValue): boolean | Unknown {
  if (isSequence(a) && isSequence(b)) return a.type === b.type && sequencesEqual(a, b);
  if (isSet(a) && isSet(b)) return setsEqual(a, b);
  if (isDict(a) && isDict(b)) return dictsEqual(a, b);
  return isBytes(a) && isBytes(b) && a.value === b.value;
}

function setsEqual(a: PySet, b: PySet): boolean {
  return a.index.size === b.index.size && [...a.index.keys()].every((key) => b.index.has(key));
}

/** Equality of elements as containers see it: the same object is equal, which matters for NaN alone. */
export function elementEquals(a: PyValue, b: PyValue): boolean | Unknown {
  const left = numberOf(a);
  const right = numberOf(b);
  if (Number.isNaN(left) && Number.isNaN(right)) return NAN_IDENTITY;
  return equals(a, b);
}

function sequencesEqual(a: PySequence, b: PySequence): boolean | Unknown {
  if (a.items.length !== b.items.length) return false;
  return allEqual(a.items.map((item, index) => [item, b.items[index] ?? null]));
}

function dictsEqual(a: PyDict, b: PyDict): boolean | Unknown {
  if (a.index.size !== b.index.size) return false;
  const pairs: (readonly [PyValue, PyValue])[] = [];
  for (const [key, [, value]] of a.index) {
    const other = b.index.get(key);
    if (other === undefined) return false;
    pairs.push([value, other[1]]);
  }
  return allEqual(pairs);
}

function allEqual(pairs: readonly (readonly [PyValue, PyValue])[]): boolean | Unknown {
  let blame: Unknown | undefined;
  for (const [a, b] of pairs) {
    const equal = elementEquals(a, b);
    if (equal === false) return false;
    if (isUnknown(equal)) blame ??= equal;
  }
  return blame ?? true;
}

/**
 * A text that two hashable values share exactly when Python's sets and dicts take them for one key. NaN has none,
 * as NaNs are told apart by identity; lists, sets and dicts raise TypeError.
 */
export function hashKey(value: PyValue): string | Unknown | Raises {
  const number = numberOf(value);
  if (number !== undefined) return Number.isNaN(number) ? NAN_IDENTITY : numberKey(value, number);
  if (value === null) return "N";
  if (typeof value === "string") return textKey(value);
  if (typeof value !== "object") return raises("TypeError");
  if (value.type === "bytes") return `b${value.value}`;
  if (value.type === "tuple") return tupleKey(value.items);
  if (value.type === "frozenset") return `z${JSON.stringify([...value.index.keys()].toSorted())}`;
  return value.type === "object" ? unknown("object", "hash", true) : raises("TypeError");
}

/** The hash key of a text. */
export const textKey = (text: string): string => `s${text}`;

function numberKey(value: PyValue, number: number | bigint): string {
  const whole = integerOf(value) !== undefined || Number.isInteger(number);
  return whole ? `i${BigInt(number)}` : `f${number}`;
}

function tupleKey(items: readonly PyValue[]): string | Unknown | Raises {
  const keys: string[] = [];
  let blame: Unknown | undefined;
  for (const item of items) {
    const key = hashKey(item);
    if (typeof key === "string") keys.push(key);
    else if (key.type === "raises") return key;
    else blame ??= key;
  }
  return blame ?? `t${JSON.stringify(keys)}`;
}

/** A set of the elements, as `set(items)`. */
export function makeSet(items: readonly PyValue[], type: PySet["type"] = "set"): PySet | Unknown | Raises {
  const index = new Map<string, PyValue>();
  let blame: Unknown | undefined;
  for (const item of items) {
    const key = hashKey(item);
    if (isFault(key) && key.type === "raises") return blame?.mayRaise === true ? raises("Exception") : key;
    if (isFault(key)) blame ??= key;
    else if (!index.has(key)) index.set(key, item);
  }
  return blame ?? { type, index };
}

/** A dict of the pairs, as `dict(pairs)`: a later pair wins, at the place of the first. */
export function makeDict(pairs: readonly (readonly [PyValue, PyValue])[]): PyDict | Unknown | Raises {
  const index = new Map<string, readonly [PyValue, PyValue]>();
  for (const [key, value] of pairs) {
    const hash = hashKey(key);
    if (typeof hash !== "string") return hash;
    index.set(hash, [index.get(hash)?.[0] ?? key, value]);
  }
  return { type: "dict", index };
}
