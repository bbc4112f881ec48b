import type { ClassSchema, ClassSchemas, ParameterOfClass } from "@lem/config/parameters";
import type { JsonObject, JsonValue } from "@lem/domain";
import type { Target } from "../targets/target.ts";
import { jsonOf } from "./plain-json.ts";
import { unionOf } from "./json-schema.ts";

/** Name of the file that tells what the sections of a configuration admit. */
export const SECTIONS_FILE = "schema.json";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";
const DEPTH = 2;

/**
 * The parameter schema of an engine that has no worker to describe it: each section admits what its class does. What
 * comes from elsewhere than the section is left out.
 */
export function sectionSchemas({ sections, fixtures }: Target, schemas: ClassSchemas): JsonObject {
  const { engine, engine_version, classes } = schemas;
  const held = Object.entries(sections).flatMap(([section, entry]) => {
    const described = typeof entry === "string" ? classes[entry] : undefined;
    if (typeof entry !== "string" || described === undefined) return [];
    return [{ section, described, supplied: Object.keys(fixtures[entry] ?? {}) }];
  });
  const byName = new Map(Object.entries(classes).map(([name, each]) => [nameByModule(name, each), each]));
  return {
    schema_version: 1,
    engine,
    engine_version,
    sections: Object.fromEntries(
      held.map(({ section, described, supplied }) => [
        section,
        { $schema: DRAFT, ...objectOf(described, { byName, depth: DEPTH, without: supplied }) },
      ]),
    ),
    defaults: Object.fromEntries(held.map(({ section, described }) => [section, defaultsOf(described)])),
    left_out: Object.fromEntries(
      held.map(({ section, supplied }) => [
        section,
        Object.fromEntries(supplied.map((name) => [name, "decided-by-lem"] as const)),
      ]),
    ),
  };
}

/** See {@link SECTIONS_FILE}. */
export const sectionsText = (schemas: JsonObject): string => `${JSON.stringify(schemas, null, 1)}\n`;

/** The name that annotations have for a class. */
function nameByModule(name: string, { place }: ClassSchema): string {
  const module = place?.path.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
  return module === undefined ? name : `${module}.${name.split(".").at(-1)}`;
}

interface Within {
  readonly byName: ReadonlyMap<string, ClassSchema>;
  /** How many classes deep the fields of classes are told. */
  readonly depth: number;
  readonly without: readonly string[];
}

function objectOf({ parameters, unknown_keys, family }: ClassSchema, outer: Within): JsonObject {
  // Only pydantic makes objects of maps.
  const within = family.startsWith("pydantic") ? outer : { ...outer, depth: 0 };
  const told = Object.entries(parameters).filter(([name]) => !within.without.includes(name));
  const required = told.flatMap(([name, each]) => (each.required === true ? [name] : []));
  return {
    type: "object",
    properties: Object.fromEntries(told.map(([name, { schema }]) => [name, written(schema, within)])),
    ...(unknown_keys === "reject" ? { additionalProperties: false } : {}),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** A schema as JSON Schema has it: an object of a class is a map of its keywords, or anything. */
function written(schema: JsonObject, within: Within): JsonObject {
  if (typeof schema["class"] === "string") return classOf(schema["class"], within);
  const { anyOf, items, ...rest } = schema;
  if (Array.isArray(anyOf)) return unionOf(anyOf.map((each) => written(each as JsonObject, within)));
  if (items === undefined) return schema;
  return { ...rest, items: written(items as JsonObject, within) };
}

function classOf(name: string, within: Within): JsonObject {
  const known = within.depth === 0 ? undefined : within.byName.get(name);
  return known === undefined ? {} : objectOf(known, { ...within, depth: within.depth - 1, without: [] });
}

/** Defaults that a file could hold. */
const defaultsOf = ({ parameters }: ClassSchema): JsonObject =>
  Object.fromEntries(Object.entries(parameters).flatMap(([name, each]) => stated(name, each)));

function stated(name: string, { default: usual }: ParameterOfClass): readonly (readonly [string, JsonValue])[] {
  const value = usual === undefined || usual === null ? undefined : jsonOf(usual);
  return value === undefined ? [] : [[name, value]];
}
