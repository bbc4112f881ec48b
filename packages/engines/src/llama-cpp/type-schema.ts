import type { JsonObject, JsonValue } from "@lem/domain";
import type { DeclarationFile, Enum, TypeNode } from "./declarations.ts";

type Node<Kind extends TypeNode["type"]> = Extract<TypeNode, { type: Kind }>;
type Property = Extract<Node<"TSTypeLiteral">["members"][number], { type: "TSPropertySignature" }>;

/**
 * The JSON Schema of what YAML can say of a TypeScript type; undefined where it can say nothing, as for functions and
 * classes. Such members of a union, and such optional properties, are left out.
 */
export function schemaOf(type: TypeNode, file: DeclarationFile): JsonObject | undefined {
  const read = READERS[type.type] as ((type: TypeNode, file: DeclarationFile) => JsonObject | undefined) | undefined;
  return read?.(type, file);
}

type Readers = {
  readonly [Kind in TypeNode["type"]]?: (type: Node<Kind>, file: DeclarationFile) => JsonObject | undefined;
};

const READERS: Readers = {
  TSNumberKeyword: () => ({ type: "number" }),
  TSBigIntKeyword: () => ({ type: "integer" }),
  TSStringKeyword: () => ({ type: "string" }),
  TSBooleanKeyword: () => ({ type: "boolean" }),
  TSNullKeyword: () => ({ type: "null" }),
  TSObjectKeyword: () => ({ type: "object" }),
  TSMappedType: () => ({ type: "object" }),
  TSLiteralType: literalSchema,
  TSParenthesizedType: ({ typeAnnotation }, file) => schemaOf(typeAnnotation, file),
  TSArrayType: ({ elementType }, file) => arraySchema(elementType, file),
  TSUnionType: ({ types }, file) =>
    unionSchema(types.map((type) => schemaOf(type, file)).filter((schema) => schema !== undefined)),
  TSIntersectionType: ({ types }, file) => types.map((type) => schemaOf(type, file)).find(isPrimitive),
  TSConditionalType: ({ trueType }, file) => schemaOf(trueType, file),
  TSTypeOperator: operatorSchema,
  TSTypeLiteral: objectSchema,
  TSTypeReference: referenceSchema,
};

/** A number with a brand is a number. */
const isPrimitive = (schema: JsonObject | undefined): boolean =>
  schema !== undefined && schema["type"] !== "object" && "type" in schema;

function literalSchema({ literal }: Node<"TSLiteralType">): JsonObject | undefined {
  return "value" in literal && typeof literal.value !== "object" ? { enum: [literal.value as JsonValue] } : undefined;
}

function arraySchema(element: TypeNode, file: DeclarationFile): JsonObject | undefined {
  const items = schemaOf(element, file);
  return items && { type: "array", items };
}

/** Closed lists of values become one list; a single alternative stands alone. */
function unionSchema(members: readonly JsonObject[]): JsonObject | undefined {
  const values = members.flatMap((member) => (Array.isArray(member["enum"]) ? (member["enum"] as JsonValue[]) : []));
  const others = members.filter((member) => !("enum" in member));
  const all = values.length === 0 ? others : [{ enum: [...new Set(values)] }, ...others];
  return all.length > 1 ? { anyOf: all } : all[0];
}

/** `keyof typeof SomeEnum` is the list of its names. */
function operatorSchema(
  { operator, typeAnnotation }: Node<"TSTypeOperator">,
  file: DeclarationFile,
): JsonObject | undefined {
  if (operator !== "keyof") return schemaOf(typeAnnotation, file);
  if (typeAnnotation.type !== "TSTypeQuery" || typeAnnotation.exprName.type !== "Identifier") return undefined;
  const declared = file.find(typeAnnotation.exprName.name);
  return declared?.node.type === "TSEnumDeclaration"
    ? { enum: enumMembers(declared.node).map(([name]) => name) }
    : undefined;
}

function referenceSchema(type: Node<"TSTypeReference">, file: DeclarationFile): JsonObject | undefined {
  if (type.typeName.type !== "Identifier") return undefined;
  const { name } = type.typeName;
  const [first, second] = type.typeArguments?.params ?? [];
  if ((name === "Array" || name === "ReadonlyArray") && first !== undefined) return arraySchema(first, file);
  if (name === "Record" && second !== undefined)
    return { type: "object", additionalProperties: schemaOf(second, file) ?? {} };
  const declared = file.find(name);
  if (declared === undefined) return undefined;
  if (declared.node.type === "TSTypeAliasDeclaration") return schemaOf(declared.node.typeAnnotation, declared.file);
  return { enum: enumMembers(declared.node).map(([, value]) => value) };
}

/** Names and values of an enum, whose values are written out in a declaration file. */
function enumMembers({ body }: Enum): readonly (readonly [string, JsonValue])[] {
  return body.members.flatMap(({ id, initializer }) => {
    const name = id.type === "Identifier" ? id.name : id.type === "StringLiteral" ? id.value : undefined;
    const value =
      initializer !== undefined && initializer !== null && "value" in initializer ? initializer.value : undefined;
    return name === undefined || value === undefined ? [] : [[name, value as JsonValue] as const];
  });
}

function objectSchema(type: Node<"TSTypeLiteral">, file: DeclarationFile): JsonObject | undefined {
  const told = propertiesOf(type, file);
  const required = told.filter(({ optional }) => !optional);
  if (told.length === 0 || required.some(({ schema }) => schema === undefined)) return undefined;
  const properties = told.flatMap(({ name, schema }) => (schema === undefined ? [] : [[name, schema]]));
  return {
    type: "object",
    properties: Object.fromEntries(properties) as JsonObject,
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    additionalProperties: false,
  };
}

/** One property of an object type. */
export interface PropertyOf {
  readonly name: string;
  readonly optional: boolean;
  /** Undefined when YAML cannot say it. */
  readonly schema: JsonObject | undefined;
  /** The value that its comment states for when it is left out. */
  readonly stated: JsonValue | undefined;
  /** What its comment says, white space made plain; empty where there is none. */
  readonly comment: string;
}

/** The properties of an object type in their order, methods left out. */
export function propertiesOf({ members }: Node<"TSTypeLiteral">, file: DeclarationFile): readonly PropertyOf[] {
  return members.flatMap((member) => {
    if (member.type !== "TSPropertySignature" || member.key.type !== "Identifier") return [];
    const comment = member.leadingComments?.at(-1)?.value ?? "";
    const schema = typeOf(member, file);
    const marked = schema && comment.includes("@deprecated") ? { ...schema, deprecated: true } : schema;
    const words = comment
      .replaceAll(/^\s*\*+/gm, "")
      .split(/\s+/)
      .join(" ")
      .trim();
    return [
      {
        name: member.key.name,
        optional: member.optional === true,
        schema: marked,
        stated: statedDefault(comment),
        comment: words,
      },
    ];
  });
}

const typeOf = ({ typeAnnotation }: Property, file: DeclarationFile): JsonObject | undefined =>
  typeAnnotation?.type === "TSTypeAnnotation" ? schemaOf(typeAnnotation.typeAnnotation, file) : undefined;

/** Only an unconditional statement of a JSON value counts, apart from a remark in parentheses. */
function statedDefault(comment: string): JsonValue | undefined {
  const text = /Defaults to `([^`]+)`(?: \([^)]*\))?[.;]?\s*$/m.exec(comment)?.[1];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}
