import type { JsonObject, JsonValue } from "@lem/domain";
import * as z from "zod";
import { experimentSchema } from "./experiment.ts";

/** One field of the configuration, as documented. */
export interface Field {
  /** Dotted path from the root. */
  readonly path: string;
  /** Its type in words: `integer >= 1`, `static | dynamic | sorted`. */
  readonly type: string;
  /** What holds when nothing is written; undefined when nothing does or when it is derived. */
  readonly default: JsonValue | undefined;
  readonly description: string;
  /** True for a part with fields of its own. */
  readonly group: boolean;
}

/** The JSON Schema (draft 2020-12) of the file as written, for editors and for the reference. */
export function experimentJsonSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(experimentSchema, { io: "input", target: "draft-2020-12" }) as Record<
    string,
    JsonValue
  >;
  return {
    $schema: $schema ?? "",
    $comment: "Generated from packages/config/src/schema; do not edit.",
    title: "lem experiment",
    ...schema,
  };
}

/** Every field in the order of the schema, groups before what they hold. */
export const listFields = (): readonly Field[] => fieldsUnder(experimentJsonSchema(), "");

function fieldsUnder(schema: JsonObject, prefix: string): readonly Field[] {
  return Object.entries(objectAt(schema, "properties")).flatMap(([key, value]) => {
    const inner = value as JsonObject;
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const group = inner["properties"] !== undefined;
    const field: Field = {
      path,
      type: typeInWords(inner),
      default: group ? undefined : inner["default"],
      description: String(inner["description"] ?? ""),
      group,
    };
    return [field, ...fieldsUnder(inner, path)];
  });
}

/** The keys that a mapping at a path may hold; empty where nothing is known about them. */
export function keysAt(path: readonly string[]): readonly string[] {
  const at = path.reduce<readonly JsonObject[]>(
    (schemas, key) => schemas.flatMap((schema) => branches(objectAt(objectAt(schema, "properties"), key))),
    [experimentJsonSchema()],
  );
  return [...new Set(at.flatMap((schema) => Object.keys(objectAt(schema, "properties"))))];
}

/** A schema and the alternatives it offers. */
const branches = (schema: JsonObject): readonly JsonObject[] => [
  schema,
  ...[schema["anyOf"], schema["oneOf"]].flatMap((options) => ((options ?? []) as JsonObject[]).flatMap(branches)),
];

const objectAt = (schema: JsonObject, key: string): JsonObject => (schema[key] ?? {}) as JsonObject;

function typeInWords(schema: JsonObject): string {
  if (Array.isArray(schema["enum"])) return schema["enum"].map(String).join(" | ");
  if (schema["const"] !== undefined) return String(schema["const"]);
  const options = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(options))
    return [...new Set(options.map((option) => typeInWords(option as JsonObject)))].join(" | ");
  const type = String(schema["type"]);
  if (type === "object") return "map";
  if (type === "array") return `list of ${typeInWords(objectAt(schema, "items"))}`;
  return type === "number" || type === "integer" ? `${type}${boundsInWords(schema)}` : type;
}

function boundsInWords(schema: JsonObject): string {
  const bound = (sign: string, key: string): string =>
    schema[key] === undefined ? "" : ` ${sign} ${String(schema[key])}`;
  return [bound(">=", "minimum"), bound(">", "exclusiveMinimum"), bound("<=", "maximum")].join("");
}
