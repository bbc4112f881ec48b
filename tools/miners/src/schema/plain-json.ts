import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { JsonValue } from "@lem/domain";

/** A tagged value as a JSON Schema can hold it; undefined for what it cannot: bytes, objects, infinity. */
export const jsonOf = (tagged: unknown): JsonValue | undefined =>
  tagged === undefined ? undefined : plainJson(decodeValue(tagged));

function plainJson(value: PyValue): JsonValue | undefined {
  if (typeof value === "bigint") return undefined;
  if (value === null || typeof value !== "object") return value;
  if (value.type === "float") return Number.isFinite(value.value) ? value.value : undefined;
  if (value.type === "object") return memberValue(value.attributes);
  if (value.type !== "list" && value.type !== "tuple") return undefined;
  const items = value.items.map(plainJson);
  return items.includes(undefined) ? undefined : (items as JsonValue[]);
}

/** An Enum's member stands for its value. */
function memberValue(attributes: ReadonlyMap<string, PyValue>): JsonValue | undefined {
  const held = attributes.get("value");
  return attributes.has("name") && held !== undefined ? plainJson(held) : undefined;
}
