import { isFault, isUnknown, raises, unknown, type Outcome, type Raises, type Unknown } from "../outcome.ts";
import { elementEquals, hashKey, makeSet } from "../values/equality.ts";
import { byteValues, iterate } from "../values/iteration.ts";
import {
  characters,
  integerOf,
  isBytes,
  isDict,
  isNan,
  isSequence,
  isSet,
  type PySet,
  type PyValue,
} from "../values/value.ts";
import { binary, type Operator } from "./operator.ts";

/** Names of the membership operators. */
export type MembershipName = "in" | "notIn" | "subset" | "disjoint";

/** The first set is made before the second operand is evaluated. */
function ofSets(operator: Operator): Operator {
  return {
    ...operator,
    lookUp: (first) => {
      const made = toSet(first);
      return isFault(made) ? made : undefined;
    },
  };
}

/** What is an element of what. */
export const MEMBERSHIP: Readonly<Record<MembershipName, Operator>> = {
  in: binary("($1 in $2)", "an element (by ==), a key of a dict, a part of a text", contains),
  notIn: binary("($1 not in $2)", "not an element", (a, b) => {
    const found = contains(a, b);
    return typeof found === "boolean" ? !found : found;
  }),
  subset: ofSets(
    binary("(set($1) <= set($2))", "every element of the first is one of the second", (a, b) =>
      withSets(a, b, (x, y) => [...x.index.keys()].every((key) => y.index.has(key))),
    ),
  ),
  disjoint: ofSets(
    binary("set($1).isdisjoint(set($2))", "no element in common", (a, b) =>
      withSets(a, b, (x, y) => ![...x.index.keys()].some((key) => y.index.has(key))),
    ),
  ),
};

/** Python's `needle in container`. */
export function contains(needle: PyValue, container: PyValue): boolean | Unknown | Raises {
  if (typeof container === "string")
    return typeof needle === "string" ? textContains(container, needle) : raises("TypeError");
  if (isSequence(container)) return itemsContain(container.items, needle);
  if (isSet(container)) return keysContain(container.index, isSet(needle) ? { ...needle, type: "frozenset" } : needle);
  if (isDict(container)) return keysContain(container.index, needle);
  if (container === null || typeof container !== "object" || container.type === "float") return raises("TypeError");
  if (container.type === "bytes") return bytesContain(container.value, needle);
  return unknown("object", "in", true);
}

/** Parts that begin or end within an astral character are none in Python. */
function textContains(text: string, part: string): boolean {
  if (!/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(part)) return text.includes(part);
  const [all, wanted] = [characters(text), characters(part)];
  return all.some((_, start) => wanted.every((character, index) => all[start + index] === character));
}

/** True when an item equals the needle; an undecided comparison leaves it open unless another decides. */
export function itemsContain(items: readonly PyValue[], needle: PyValue): boolean | Unknown {
  let blame: Unknown | undefined;
  for (const item of items) {
    const equal = elementEquals(item, needle);
    if (equal === true) return blame?.mayRaise === true ? blame : true;
    if (isUnknown(equal)) blame ??= equal;
  }
  return blame ?? false;
}

/** No set or dict of the language holds NaN, which could be the same one. */
function keysContain(index: ReadonlyMap<string, unknown>, needle: PyValue): boolean | Unknown | Raises {
  if (isNan(needle)) return false;
  const key = hashKey(needle);
  return typeof key === "string" ? index.has(key) : key;
}

function bytesContain(bytes: string, needle: PyValue): boolean | Unknown | Raises {
  if (isBytes(needle)) return bytes.includes(needle.value);
  const byte = integerOf(needle);
  if (byte === undefined) return raises("TypeError");
  return byte < 0 || byte > 255 ? raises("ValueError") : byteValues(bytes).includes(Number(byte));
}

/** The set of what a value yields, as `set(value)`. */
export function toSet(value: PyValue): PySet | Unknown | Raises {
  const iteration = iterate(value);
  return "items" in iteration ? makeSet(iteration.items) : iteration;
}

function withSets(a: PyValue, b: PyValue, decide: (x: PySet, y: PySet) => boolean): Outcome {
  const left = toSet(a);
  if (isFault(left) && left.type === "raises") return left;
  const right = toSet(b);
  if (isFault(left)) return isFault(right) && right.type === "raises" && !left.mayRaise ? right : left;
  return isFault(right) ? right : decide(left, right);
}
