import type { JsonObject, JsonValue } from "@lem/domain";
import * as z from "zod";
import { experimentSchema } from "./experiment.ts";

type Scalar = string | number | boolean | null;

/** One field of the configuration, as documented. */
export interface Field {
  /** Dotted path from the root. */
  readonly path: string;
  /** Its type in words: `integer 1 to 100`, `static | dynamic | sorted`. */
  readonly type: string;
  /** What holds when nothing is written; undefined when nothing does or when it is derived. */
  readonly default: Scalar | undefined;
  readonly description: string;
  /** True for a part with fields of its own. */
  readonly group: boolean;
}

/** The keywords that the schemas of this package use. */
interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: Scalar | object;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** The JSON Schema (draft 2020-12) of the file as written, for editors and for the reference. */
export function experimentJsonSchema(): JsonObject {
  const generated = z.toJSONSchema(experimentSchema, { io: "input", target: "draft-2020-12" });
  const { $schema, ...schema } = generated as Record<string, JsonValue>;
  const note = "Generated from packages/config/src/schema; do not edit.";
  return { $schema: $schema ?? "", $comment: note, title: "lem experiment", ...schema };
}

/** Every field in the order of the schema, groups before what they hold. */
export const listFields = (): readonly Field[] => fieldsUnder(experimentJsonSchema() as SchemaNode, "");

function fieldsUnder(schema: SchemaNode, prefix: string): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const group = inner.properties !== undefined;
    const { default: value, description = "" } = inner;
    const isScalar = value === null || typeof value !== "object";
    return [
      { path, type: typeInWords(inner), default: group || !isScalar ? undefined : value, description, group },
      ...fieldsUnder(inner, path),
    ];
  });
}

/** The keys that a mapping at a path may hold; empty where nothing is known about them. */
export function keysAt(path: readonly string[]): readonly string[] {
  const root: readonly SchemaNode[] = [experimentJsonSchema() as SchemaNode];
  const inside = (key: string) => (schema: SchemaNode) => branches(schema.properties?.[key] ?? {});
  const at = path.reduce((schemas, key) => schemas.flatMap(inside(key)), root);
  return [...new Set(at.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** A schema and the alternatives it offers. */
const branches = (schema: SchemaNode): readonly SchemaNode[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(branches),
];

function typeInWords(schema: SchemaNode): string {
  if (schema.enum !== undefined) return schema.enum.join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map(typeInWords))].join(" | ");
  const { type = "any" } = schema;
  if (type === "object") return "map";
  if (type === "array") return `list of ${typeInWords(schema.items ?? {})}`;
  return type === "number" || type === "integer" ? `${type} ${boundsInWords(schema)}`.trimEnd() : type;
}

function boundsInWords({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const above = exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`;
  const from = minimum ?? above;
  return [from, maximum].filter((limit) => limit !== undefined).join(" to ");
}
