import type { ClassSchema, ParameterOfClass } from "@lem/config/parameters";
import { decodeValue, encodeValue, type PyValue } from "@lem/config/invariants";
import type { JsonObject, JsonValue } from "@lem/domain";
import type { EntryDescription } from "../probe/description.ts";
import { typeOfText } from "../score/sample/type-text.ts";
import { typeOfValue, type ValueType } from "../score/sample/value-type.ts";
import { schemaOfShape, unionOf } from "./json-schema.ts";
import { jsonOf } from "./plain-json.ts";

/** What the live class says of its public parameters. */
export function classSchemaOf(description: EntryDescription): ClassSchema {
  const { family, place, unknownKeys, parameters } = description;
  const named = parameters.map(({ name, required, shape, ...rest }): NamedParameter => {
    const value = "default" in rest ? decodeValue(rest.default) : undefined;
    const schema = schemaOfShape(shape);
    return [name, required, isVague(schema) ? ofText(name, value, description) : schema, value];
  });
  const all = [...named, ...(isOpen(description) ? attributesOf(description) : [])];
  const known = all.filter(([name]) => !name.startsWith("_")).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    family,
    ...(place === null ? {} : { place }),
    unknown_keys: unknownKeys,
    parameters: Object.fromEntries(known.map((each) => [each[0], parameterOf(each, description)])),
  };
}

type NamedParameter = readonly [name: string, required: boolean, schema: JsonObject, usual: PyValue | undefined];

/** A constructor that only takes `**` has the attributes of an object made from nothing as its parameters. */
const isOpen = ({ parameters, unknownKeys }: EntryDescription): boolean =>
  parameters.length === 0 && unknownKeys === "accept";

const attributesOf = (description: EntryDescription): readonly NamedParameter[] =>
  Object.entries(description.attributes ?? {}).map(([name, tagged]) => {
    const value = decodeValue(tagged);
    return [name, false, ofText(name, value, description), value];
  });

function parameterOf(
  [name, required, schema, usual]: NamedParameter,
  { descriptions }: EntryDescription,
): ParameterOfClass {
  const hash = descriptions?.[name];
  const admitsNone = usual === null && !isVague(schema) ? unionOf([schema, { type: "null" }]) : schema;
  return {
    schema: admitsNone,
    ...(required ? { required } : {}),
    ...(usual === undefined ? {} : { default: statedDefault(usual) }),
    ...(hash === undefined ? {} : { description_sha256: hash }),
  };
}

/** Attributes of an object may hang on the machine; an Enum's member stands for its value. */
function statedDefault(value: PyValue): JsonValue {
  const tagged = encodeValue(value) as JsonValue;
  if (value === null || typeof value !== "object" || value.type !== "object") return tagged;
  return jsonOf(tagged) ?? (encodeValue({ ...value, mro: [], attributes: new Map() }) as JsonValue);
}

const isVague = (schema: JsonObject): boolean => Object.keys(schema).length === 0;

/** The documented type, else that of the default. */
function ofText(name: string, value: PyValue | undefined, { documented }: EntryDescription): JsonObject {
  const text = documented[name];
  const written = text === undefined ? {} : schemaOfType(typeOfText(text));
  return isVague(written) && value !== undefined && value !== null ? schemaOfType(typeOfValue(value)) : written;
}

function schemaOfType(type: ValueType): JsonObject {
  switch (type.kind) {
    case "union":
      return unionOf(type.of.map(schemaOfType));
    case "values": {
      const values = type.values.map((value) => jsonOf(encodeValue(value)));
      return values.includes(undefined) ? {} : { enum: values as JsonValue[] };
    }
    case "list":
    case "tuple":
    case "set": {
      const items = schemaOfType(type.items);
      return isVague(items) ? { type: "array" } : { type: "array", items };
    }
    case "opaque":
      return type.name === "" ? {} : { class: type.name };
    default:
      return KINDS[type.kind];
  }
}

const KINDS: Readonly<Record<"any" | "none" | "bool" | "int" | "float" | "str" | "bytes" | "dict", JsonObject>> = {
  any: {},
  none: { type: "null" },
  bool: { type: "boolean" },
  int: { type: "integer" },
  float: { type: "number" },
  str: { type: "string" },
  bytes: {},
  dict: { type: "object" },
};
