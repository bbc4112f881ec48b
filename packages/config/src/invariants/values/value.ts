/** A Python float; boxed, since 1 and 1.0 are equal in Python and yet of different types. */
export interface PyFloat {
  readonly type: "float";
  readonly value: number;
}

/** Python bytes; one UTF-16 unit (0 to 255) a byte. */
export interface PyBytes {
  readonly type: "bytes";
  readonly value: string;
}

/** A Python list or tuple. */
export interface PySequence {
  readonly type: "list" | "tuple";
  readonly items: readonly PyValue[];
}

/** A Python set or frozenset; `index` maps each element's hash key to the element that was put in first. */
export interface PySet {
  readonly type: "set" | "frozenset";
  readonly index: ReadonlyMap<string, PyValue>;
}

/** A Python dict in order of insertion; `index` is keyed by the keys' hash keys. */
export interface PyDict {
  readonly type: "dict";
  readonly index: ReadonlyMap<string, readonly [key: PyValue, value: PyValue]>;
}

/** An object of a class of the engine's: only its classes and the attributes told are known of it. */
export interface PyObject {
  readonly type: "object";
  readonly className: string;
  /** Full names of its class and all bases (`pkg.module.Class`), as in `__mro__`. */
  readonly mro: readonly string[];
  readonly attributes: ReadonlyMap<string, PyValue>;
}

/** A Python int: a number while it is a safe integer, a bigint beyond. */
export type PyInt = number | bigint;

/** Any value that a configuration or predicate holds: null is None, a number is an int. */
export type PyValue = null | boolean | PyInt | string | PyFloat | PyBytes | PySequence | PySet | PyDict | PyObject;

/** A Python float. */
export const float = (value: number): PyFloat => ({ type: "float", value });

/** A Python list. */
export const list = (items: readonly PyValue[]): PySequence => ({ type: "list", items });

/** A Python tuple. */
export const tuple = (items: readonly PyValue[]): PySequence => ({ type: "tuple", items });

/** A Python int in its one form: a number where that is exact. */
export function int(value: bigint): PyInt {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** The name of a value's Python type, as in `type(x).__name__`. */
export function typeName(value: PyValue): string {
  if (value === null) return "NoneType";
  if (typeof value === "object") return value.type === "object" ? value.className : value.type;
  return PRIMITIVE_NAMES[typeof value as keyof typeof PRIMITIVE_NAMES];
}

const PRIMITIVE_NAMES = { boolean: "bool", number: "int", bigint: "int", string: "str" } as const;

/**
 * The number that a bool, int or float stands for; undefined for all other values. Comparing the two kinds of
 * JavaScript numbers with one another is exact, as comparing int and float is in Python.
 */
export function numberOf(value: PyValue): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value !== null && typeof value === "object" && value.type === "float" ? value.value : undefined;
}

/** The integer that an int or bool stands for; undefined for all other values, floats included. */
export function integerOf(value: PyValue): PyInt | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** True for a Python float. */
export const isFloat = (value: PyValue): value is PyFloat =>
  value !== null && typeof value === "object" && value.type === "float";

/** True for a float that is not a number, which is not equal to itself. */
export const isNan = (value: PyValue): boolean => isFloat(value) && Number.isNaN(value.value);

type Box = Exclude<PyValue, null | boolean | PyInt | string>;

/** The type of a value that is no None, bool, int or str; undefined for those. */
export const boxType = (value: PyValue): Box["type"] | undefined =>
  value !== null && typeof value === "object" ? value.type : undefined;

/** True for bytes. */
export const isBytes = (value: PyValue): value is PyBytes => boxType(value) === "bytes";

/** True for a list or tuple. */
export const isSequence = (value: PyValue): value is PySequence =>
  boxType(value) === "list" || boxType(value) === "tuple";

/** True for a set or frozenset. */
export const isSet = (value: PyValue): value is PySet => boxType(value) === "set" || boxType(value) === "frozenset";

/** True for a dict. */
export const isDict = (value: PyValue): value is PyDict => boxType(value) === "dict";

/** True for an object of a class of the engine's. */
export const isObject = (value: PyValue): value is PyObject => boxType(value) === "object";

/** The code points of a text: Python's characters. */
export const characters = (text: string): readonly string[] => Array.from(text);

/** Whether a place in a text lies within one character: between the two halves of an astral one. */
export const splitsCharacter = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
