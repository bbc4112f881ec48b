import { unknown, type Truth } from "../outcome.ts";
import { isObject, typeName, type PyValue } from "./value.ts";

/** Built-in classes that a type test names, as Python source. */
const BUILT_IN: Readonly<Record<string, string>> = {
  none: "type(None)",
  object: "object",
  bool: "bool",
  int: "int",
  float: "float",
  str: "str",
  bytes: "bytes",
  list: "list",
  tuple: "tuple",
  dict: "dict",
  set: "set",
  frozenset: "frozenset",
};

/** Modules whose classes count values of other classes as theirs. */
const ABSTRACT = /^(?:collections\.abc|numbers|typing|abc|os)\./;

const ABSTRACT_CLASS = unknown("object", "abstract class");
const UNKNOWN_CLASS = unknown("object", "class");

/** Whether a value is of one of the classes: of their subclasses too, unless `exact`. bool is a subclass of int. */
export function isInstance(value: PyValue, classes: readonly string[], exact: boolean): Truth {
  const own = classNames(value);
  const known = exact ? own.slice(0, 1) : own;
  if (classes.some((name) => known.includes(name))) return true;
  if (!exact && classes.some((name) => ABSTRACT.test(name))) return ABSTRACT_CLASS;
  const opaque = isObject(value) && value.mro.length < 2;
  return opaque && !exact && classes.some((name) => !Object.hasOwn(BUILT_IN, name)) ? UNKNOWN_CLASS : false;
}

/** A value's class and bases, as type tests name them. */
function classNames(value: PyValue): readonly string[] {
  if (value === null) return ["none", "object"];
  if (typeof value === "boolean") return ["bool", "int", "object"];
  if (isObject(value)) return [value.className, ...value.mro, "object"];
  return [typeName(value), "object"];
}

/** The classes as a Python tuple. */
export const pythonClasses = (classes: readonly string[]): string =>
  `(${classes.map((name) => `${BUILT_IN[name] ?? name},`).join(" ")})`;

/** Names that are attributes of some built-in type in some version of Python. */
const BUILT_IN_ATTRIBUTES: ReadonlySet<string> = new Set(
  `add append as_integer_ratio bit_count bit_length capitalize casefold center clear conjugate copy count decode denominator
difference difference_update discard encode endswith expandtabs extend find format format_map from_bytes fromhex fromkeys
get hex imag index insert intersection intersection_update is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint
isidentifier islower isnumeric isprintable isspace issubset issuperset istitle isupper items join keys ljust lower lstrip
maketrans numerator partition pop popitem real remove removeprefix removesuffix replace reverse rfind rindex rjust rpartition
rsplit rstrip setdefault sort split splitlines startswith strip swapcase symmetric_difference symmetric_difference_update
title to_bytes translate union update upper values zfill from_number mro`.split(/\s+/),
);

/** Whether an attribute of a value that is no object might exist: special names and built-in methods. */
export const mayBeBuiltInAttribute = (name: string): boolean => name.startsWith("__") || BUILT_IN_ATTRIBUTES.has(name);
