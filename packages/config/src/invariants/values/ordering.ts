import { isFault, isUnknown, raises, unknown, type Outcome, type Raises, type Unknown } from "../outcome.ts";
import { elementEquals } from "./equality.ts";
import {
  characters,
  isBytes,
  isObject,
  isSequence,
  isSet,
  numberOf,
  type PySequence,
  type PySet,
  type PyValue,
} from "./value.ts";

/** One of Python's four ordering comparisons. */
export type Comparison = "lt" | "le" | "gt" | "ge";

const OBJECT = unknown("object", "ordering", true);

/**
 * Python's `a < b` and its kin: numbers with numbers, texts with texts, lists and tuples element by element, sets by
 * inclusion; TypeError for all other pairs. Every comparison with NaN is false.
 */
export function order(comparison: Comparison, a: PyValue, b: PyValue): boolean | Unknown | Raises {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return holds(comparison, left, right);
  if (typeof a === "string" && typeof b === "string") return holds(comparison, codePointOrder(a, b), 0);
  return orderContainers(comparison, a, b);
}

function orderContainers(comparison: Comparison, a: PyValue, b: PyValue): boolean | Unknown | Raises {
  if (isBytes(a) && isBytes(b)) return holds(comparison, a.value, b.value);
  if (isSequence(a) && isSequence(b) && a.type === b.type) return orderSequences(comparison, a, b);
  if (isSet(a) && isSet(b)) return orderSets(comparison, a, b);
  return isObject(a) || isObject(b) ? OBJECT : raises("TypeError");
}

function holds<T extends number | bigint | string>(comparison: Comparison, a: T, b: T): boolean {
  if (comparison === "lt") return a < b;
  if (comparison === "le") return a <= b;
  return comparison === "gt" ? a > b : a >= b;
}

/** Negative, zero or positive; UTF-16 order would put astral characters before some of the basic plane. */
function codePointOrder(a: string, b: string): number {
  if (a === b) return 0;
  const right = characters(b);
  for (const [index, character] of characters(a).entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}

/** The first pair that differs decides, else the lengths. */
function orderSequences(comparison: Comparison, a: PySequence, b: PySequence): boolean | Unknown | Raises {
  for (const [index, item] of a.items.entries()) {
    const other = b.items[index];
    if (other === undefined) break;
    const equal = elementEquals(item, other);
    if (isUnknown(equal)) return { ...equal, mayRaise: true };
    if (!equal) return order(comparison, item, other);
  }
  return holds(comparison, a.items.length, b.items.length);
}

function orderSets(comparison: Comparison, a: PySet, b: PySet): boolean {
  const [small, large] = comparison === "lt" || comparison === "le" ? [a, b] : [b, a];
  if ([...small.index.keys()].some((key) => !large.index.has(key))) return false;
  return comparison === "le" || comparison === "ge" || small.index.size < large.index.size;
}

/** The least or greatest of the items, as the built-in functions scan them: the first of equals stays. */
export function extreme(comparison: "lt" | "gt", items: readonly PyValue[]): Outcome {
  let [best] = items;
  if (best === undefined) return raises("ValueError");
  for (const item of items.slice(1)) {
    const better = order(comparison, item, best);
    if (isFault(better)) return better;
    if (better) best = item;
  }
  return best;
}
