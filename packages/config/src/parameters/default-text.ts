import type { JsonObject, JsonValue } from "@lem/domain";

/** A tagged value as YAML writes it on one line; undefined for what no file can hold. */
export function yamlText(value: JsonValue): string | undefined {
  const plain = withoutTags(value);
  return plain === undefined ? undefined : flow(plain);
}

/** A float that is whole keeps its point: engines in Python tell 1 from 1.0. */
class WholeFloat {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Written = null | boolean | number | string | WholeFloat | readonly Written[] | ReadonlyMap<string, Written>;

function withoutTags(value: JsonValue): Written | undefined {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return listOf(value as readonly JsonValue[]);
  if ("$py" in value) return untagged(value as JsonObject);
  const pairs = Object.entries(value).map(([key, inner]) => [key, withoutTags(inner)] as const);
  return pairs.every((pair): pair is readonly [string, Written] => pair[1] !== undefined) ? new Map(pairs) : undefined;
}

function listOf(items: readonly JsonValue[]): readonly Written[] | undefined {
  const all = items.map(withoutTags);
  return all.includes(undefined) ? undefined : (all as readonly Written[]);
}

const SEQUENCES: readonly JsonValue[] = ["list", "tuple", "set", "frozenset"];

function untagged({ $py: type, value }: JsonObject): Written | undefined {
  if (type === "float" && typeof value === "string") return floatOf(value);
  return SEQUENCES.includes(type ?? null) && Array.isArray(value) ? listOf(value as readonly JsonValue[]) : undefined;
}

const NAMED: Readonly<Record<string, string>> = { inf: ".inf", "-inf": "-.inf", nan: ".nan" };

const floatOf = (text: string): Written => new WholeFloat(NAMED[text] ?? text);

function flow(value: Written): string {
  if (value instanceof WholeFloat) return value.text;
  if (value instanceof Map)
    return `{ ${[...(value as ReadonlyMap<string, Written>)].map(([key, inner]) => `${JSON.stringify(key)}: ${flow(inner)}`).join(", ")} }`.replace(
      "{  }",
      "{}",
    );
  if (Array.isArray(value)) return `[${(value as readonly Written[]).map(flow).join(", ")}]`;
  return JSON.stringify(value);
}
