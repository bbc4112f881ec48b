import { raises, unknown, type Raises, type Unknown } from "../outcome.ts";
import { isNan, characters, integerOf, numberOf, type PyValue } from "./value.ts";

/** What iterating over a value yields; `ordered` is false for sets, whose order values do not tell. */
export interface Iteration {
  readonly items: readonly PyValue[];
  readonly ordered: boolean;
}

/** Python's `iter(value)`: TypeError for what cannot be iterated over; dicts yield keys, texts characters. */
export function iterate(value: PyValue): Iteration | Unknown | Raises {
  if (typeof value === "string") return ordered(characters(value));
  if (value === null || typeof value !== "object" || value.type === "float") return raises("TypeError");
  if (value.type === "object") return unknown("object", "iteration", true);
  if (value.type === "bytes") return ordered(byteValues(value.value));
  if ("items" in value) return ordered(value.items);
  if (value.type === "dict") return ordered([...value.index.values()].map(([key]) => key));
  return { items: [...value.index.values()], ordered: value.index.size < 2 };
}

const ordered = (items: readonly PyValue[]): Iteration => ({ items, ordered: true });

/** The numbers of bytes. */
export const byteValues = (text: string): readonly number[] => characters(text).map((byte) => byte.charCodeAt(0));

/** True when the order of the items cannot change what comparing them all yields. */
export const orderFree = (items: readonly PyValue[]): boolean =>
  items.every((item) => typeof item === "string") ||
  items.every((item) => numberOf(item) !== undefined && !isNan(item));

/** True when adding the items up yields the same in any order. */
export const sumOrderFree = (items: readonly PyValue[]): boolean =>
  items.every((item) => integerOf(item) !== undefined);
