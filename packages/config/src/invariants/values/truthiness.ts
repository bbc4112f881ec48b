import { isFault, unknown, type Outcome, type Truth } from "../outcome.ts";
import type { PyValue } from "./value.ts";

const OBJECT = unknown("object", "bool", true);

/** Python's `bool(value)`: empty and zero are false, NaN is true; an object decides for itself. */
export function truthiness(value: PyValue): Truth {
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  if (typeof value === "string") return value !== "";
  if (typeof value !== "object") return value !== 0;
  if (value.type === "float") return value.value !== 0;
  if (value.type === "bytes") return value.value !== "";
  if (value.type === "object") return OBJECT;
  return ("items" in value ? value.items.length : value.index.size) > 0;
}

/** The truth of what an expression came to. */
export const truthOf = (outcome: Outcome): Truth => {
  if (typeof outcome === "boolean") return outcome;
  return isFault(outcome) ? outcome : truthiness(outcome);
};
