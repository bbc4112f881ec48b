import { faultOf, isFault, raises, unknown, type Outcome } from "../outcome.ts";
import { hashKey, makeSet } from "../values/equality.ts";
import { compensatedSum } from "../values/floats.ts";
import { byteValues, iterate, orderFree, sumOrderFree, type Iteration } from "../values/iteration.ts";
import { extreme, order } from "../values/ordering.ts";
import {
  characters,
  integerOf,
  isBytes,
  isDict,
  isFloat,
  isSequence,
  list,
  numberOf,
  tuple,
  type PyDict,
  type PyValue,
} from "../values/value.ts";
import { add, mismatch } from "./arithmetic.ts";
import { toSet } from "./membership.ts";
import { binary, method, unary, variadic, type Operator } from "./operator.ts";

/** Names of the operators on containers. */
export type CollectionName =
  | ("len" | "min" | "max" | "sum" | "sorted" | "unique" | "index" | "get" | "keys" | "values" | "items" | "zip")
  | ("list" | "tuple" | "set" | "distinct" | "lengths");

/** Sizes, extremes, parts and displays of containers. */
export const COLLECTIONS: Readonly<Record<CollectionName, Operator>> = {
  len: unary("len($1)", "number of elements or characters", length),
  min: variadic("min($*)", "least operand, or least element of the only one", (a) => extremeOf("lt", a), "some"),
  max: variadic("max($*)", "greatest operand, or element of the only one", (a) => extremeOf("gt", a), "some"),
  sum: unary("sum($1)", "sum of the elements", sum),
  sorted: unary("sorted($1)", "list of the elements in order", sort),
  unique: unary("set($1)", "set of the elements", toSet),
  distinct: unary("list(dict.fromkeys($1))", "list of the elements in order, each once", distinct),
  lengths: unary("[len(item_) for item_ in $1]", "list of the elements' sizes", lengths),
  index: binary("($1)[$2]", "element at a place or key; IndexError or KeyError without", at),
  get: method(variadic(getSource, "value of a dict's key, else the third operand or None", get, "some"), isDict),
  keys: method(
    unary("list(($1).keys())", "list of a dict's keys", (a) => ofDict(a, (key) => key)),
    isDict,
  ),
  values: method(
    unary("list(($1).values())", "list of a dict's values", (a) => ofDict(a, (_, value) => value)),
    isDict,
  ),
  items: method(
    unary("list(($1).items())", "list of a dict's pairs", (a) => ofDict(a, (key, value) => tuple([key, value]))),
    isDict,
  ),
  zip: binary("list(zip($1, $2))", "list of pairs, as long as the shorter", zip),
  list: variadic("[$*]", "list of the operands", list),
  tuple: variadic(tupleSource, "tuple of the operands", tuple),
  set: variadic(
    (items) => `set(${tupleSource(items)})`,
    "set of the operands",
    (items) => makeSet(items),
  ),
};

function length(value: PyValue): Outcome {
  if (typeof value === "string") return characters(value).length;
  if (value === null || typeof value !== "object" || value.type === "float") return raises("TypeError");
  if (value.type === "object") return unknown("object", "len", true);
  if (value.type === "bytes") return value.value.length;
  return "items" in value ? value.items.length : value.index.size;
}

const ORDER_OF_SET = unknown("identity", "order of a set", true);

function withItems(value: PyValue, apply: (iteration: Iteration) => Outcome): Outcome {
  const iteration = iterate(value);
  return "items" in iteration ? apply(iteration) : iteration;
}

function extremeOf(comparison: "lt" | "gt", operands: readonly PyValue[]): Outcome {
  const [only, second] = operands;
  if (only === undefined || second !== undefined) return extreme(comparison, operands);
  return withItems(only, ({ items, ordered }) =>
    ordered || orderFree(items) ? extreme(comparison, items) : ORDER_OF_SET,
  );
}

function sum(value: PyValue): Outcome {
  return withItems(value, ({ items, ordered }) => {
    if (!ordered && !sumOrderFree(items)) return ORDER_OF_SET;
    let total: PyValue = 0;
    for (const item of items) {
      const next = add(total, item);
      if (isFault(next)) return next;
      total = next;
    }
    return isFloat(total) && !agreesCompensated(items, total.value) ? unknown("version", "sum of floats") : total;
  });
}

/** Python 3.12 began to compensate for rounding when it adds floats up. */
function agreesCompensated(items: readonly PyValue[], total: number): boolean {
  if (items.length < 3) return true;
  return Object.is(compensatedSum(items.map((item) => Number(numberOf(item) ?? 0))), total);
}

/** Sorting compares all neighbours of the result, whatever the algorithm; other orders are left open. */
function sort(value: PyValue): Outcome {
  return withItems(value, ({ items }) => {
    if (items.length < 2) return list(items);
    if (orderFree(items))
      return list(items.toSorted((a, b) => (order("lt", a, b) === true ? -1 : Number(order("gt", a, b)))));
    const kinds = new Set(items.map(orderKind));
    if (kinds.has("other")) return unknown("identity", "sorted", true);
    return kinds.size > 1 || kinds.has("none") ? raises("TypeError") : unknown("identity", "sorted", true);
  });
}

function orderKind(value: PyValue): "number" | "text" | "none" | "other" {
  if (value === null || isDict(value)) return "none";
  if (typeof value === "string") return "text";
  return numberOf(value) === undefined ? "other" : "number";
}

function distinct(value: PyValue): Outcome {
  return withItems(value, ({ items, ordered }) => {
    const made = makeSet(items);
    if (isFault(made)) return made;
    return ordered ? list([...made.index.values()]) : ORDER_OF_SET;
  });
}

function lengths(value: PyValue): Outcome {
  return withItems(value, ({ items, ordered }) => {
    const sizes = items.map(length);
    if (sizes.some(isFault)) return ordered ? faultOf(sizes, true) : ORDER_OF_SET;
    return ordered || sizes.every((size) => size === sizes[0]) ? list(sizes as PyValue[]) : ORDER_OF_SET;
  });
}

function at(value: PyValue, place: PyValue): Outcome {
  if (isDict(value)) return lookUp(value, place, () => raises("KeyError"));
  const items = subscriptable(value);
  if (items === undefined) return mismatch("index", value);
  const index = integerOf(place);
  if (index === undefined) return mismatch("index", place);
  const found = items[Number(index) < 0 ? Number(index) + items.length : Number(index)];
  return found === undefined ? raises("IndexError") : found;
}

function subscriptable(value: PyValue): readonly PyValue[] | undefined {
  if (typeof value === "string") return characters(value);
  if (isSequence(value)) return value.items;
  return isBytes(value) ? byteValues(value.value) : undefined;
}

function lookUp(dict: PyDict, key: PyValue, absent: () => Outcome): Outcome {
  const hash = hashKey(key);
  if (typeof hash !== "string") return hash;
  const pair = dict.index.get(hash);
  return pair === undefined ? absent() : pair[1];
}

function get([dict = null, key, fallback = null, ...more]: readonly PyValue[]): Outcome {
  if (!isDict(dict)) return raises("AttributeError");
  if (key === undefined || more.length > 0) return raises("TypeError");
  return lookUp(dict, key, () => fallback);
}

function tupleSource(items: readonly string[]): string {
  return `(${items.map((item) => `${item},`).join(" ")})`;
}

function getSource([dict = "", ...rest]: readonly string[]): string {
  return `(${dict}).get(${rest.join(", ")})`;
}

function ofDict(value: PyValue, part: (key: PyValue, value: PyValue) => PyValue): Outcome {
  return isDict(value)
    ? list([...value.index.values()].map(([key, inner]) => part(key, inner)))
    : raises("AttributeError");
}

function zip(a: PyValue, b: PyValue): Outcome {
  const left = iterate(a);
  const right = iterate(b);
  if (!("items" in left))
    return left.type === "raises" || "items" in right ? left : right.type === "raises" ? raises("Exception") : left;
  if (!("items" in right)) return right;
  if (!left.ordered || !right.ordered) return ORDER_OF_SET;
  const size = Math.min(left.items.length, right.items.length);
  return list(left.items.slice(0, size).map((item, index) => tuple([item, right.items[index] ?? null])));
}
