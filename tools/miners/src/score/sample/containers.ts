import { decodeValue, encodeValue, isSequence, list, type PyValue } from "@lem/config/invariants";

/** What cannot be a key: containers that change, and what holds one. */
const canBeKey = (value: PyValue): boolean =>
  value === null ||
  typeof value !== "object" ||
  (value.type === "float" && !Number.isNaN(value.value)) ||
  (value.type === "tuple" && isSequence(value) && value.items.every(canBeKey));

/** A set of those of the values that can be in one. */
export const setOf = (values: readonly PyValue[]): PyValue =>
  decodeValue({ $py: "set", value: encodeValue(list(values.filter(canBeKey))) });

/** A dict of the pairs whose key can be one. */
export const dictOf = (pairs: readonly (readonly [PyValue, PyValue])[]): PyValue =>
  decodeValue({
    $py: "dict",
    value: pairs.filter(([key]) => canBeKey(key)).map(([key, value]) => [encodeValue(key), encodeValue(value)]),
  });
