import { posix } from "node:path";
import type { DescribedParameter, EntryDescription, Shape } from "../probe/description.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { keyName, parseDeclarations, type Statement, type StatementOf } from "./syntax.ts";
import type { OptionsTarget } from "./target.ts";

type Alias = StatementOf<"TSTypeAliasDeclaration">;
type TypeNode = Alias["typeAnnotation"];
type Of<Kind extends TypeNode["type"]> = Extract<TypeNode, { type: Kind }>;
type Declared = Alias | StatementOf<"TSEnumDeclaration">;
type Property = Extract<Of<"TSTypeLiteral">["members"][number], { type: "TSPropertySignature" }>;

/** A key of options, with the keys of the object that it may be. */
export interface DeclaredKey {
  readonly name: string;
  readonly shape: Shape;
  /** The value that its comment states for when it is not given. */
  readonly stated: boolean | number | string | undefined;
  readonly nested: readonly DeclaredKey[];
  readonly optional: boolean;
}

class DeclarationFile {
  readonly #declared = new Map<string, Declared>();
  readonly #imported = new Map<string, { readonly path: string; readonly name: string }>();
  readonly #files: Declarations;

  constructor(path: string, body: readonly Statement[], files: Declarations) {
    this.#files = files;
    for (const statement of body) this.#take(path, statement);
  }

  find(name: string): { readonly node: Declared; readonly file: DeclarationFile } | undefined {
    const node = this.#declared.get(name);
    if (node !== undefined) return { node, file: this };
    const from = this.#imported.get(name);
    return from === undefined ? undefined : this.#files.open(from.path)?.find(from.name);
  }

  #take(path: string, statement: Statement): void {
    if (statement.type === "ImportDeclaration" && statement.source.value.startsWith("."))
      for (const each of statement.specifiers)
        if (each.type === "ImportSpecifier")
          this.#imported.set(each.local.name, {
            path: posix.join(posix.dirname(path), statement.source.value.replace(/\.js$/, ".d.ts")),
            name: keyName(each.imported, false) ?? "",
          });
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type === "TSTypeAliasDeclaration" || node?.type === "TSEnumDeclaration")
      this.#declared.set(node.id.name, node);
  }
}

class Declarations {
  readonly #tree: SourceTree;
  readonly #open = new Map<string, DeclarationFile | undefined>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  open(path: string): DeclarationFile | undefined {
    if (this.#open.has(path)) return this.#open.get(path);
    const bytes = this.#tree.read(path)?.bytes;
    const file =
      bytes === undefined
        ? undefined
        : new DeclarationFile(path, parseDeclarations(Buffer.from(bytes).toString("utf8")), this);
    this.#open.set(path, file);
    return file;
  }
}

/** The keys that the declared type of some options has; empty where the package does not declare it. */
export function declaredKeys(tree: SourceTree, target: OptionsTarget): readonly DeclaredKey[] {
  const file = `${tree.origin.package}/${target.declared}`;
  const found = new Declarations(tree).open(file)?.find(target.name.split(".").at(-1) ?? "");
  if (found?.node.type !== "TSTypeAliasDeclaration") return [];
  return keysOf(found.node.typeAnnotation, found.file).filter(({ name }) => !target.without.includes(name));
}

/** The declared keys as the parameters of a class, which is what the rest of the miner knows. */
export function describeOptions(tree: SourceTree, target: OptionsTarget): EntryDescription {
  return {
    kind: "described",
    entry: target.name,
    family: "class",
    class: target.name,
    mro: [target.name],
    place: { path: target.declared, line: 1 },
    parameters: declaredKeys(tree, target).map(({ name, shape, stated }): DescribedParameter => ({
      name,
      required: false,
      ...(stated === undefined ? {} : { default: stated }),
      shape,
    })),
    unknownKeys: "accept",
    attributes: null,
    documented: {},
    core: null,
  };
}

function keysOf(type: TypeNode, file: DeclarationFile): readonly DeclaredKey[] {
  if (type.type === "TSTypeLiteral")
    return type.members.flatMap((member) => (member.type === "TSPropertySignature" ? keyOf(member, file) : []));
  if (type.type === "TSIntersectionType" || type.type === "TSUnionType")
    return type.types.flatMap((each) => keysOf(each, file));
  if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return [];
  const found = file.find(type.typeName.name);
  return found?.node.type === "TSTypeAliasDeclaration" ? keysOf(found.node.typeAnnotation, found.file) : [];
}

/** Keys that only functions or objects of classes can stand for are no keys for people who write YAML. */
function keyOf(member: Property, file: DeclarationFile): readonly DeclaredKey[] {
  const name = keyName(member.key as never, member.computed ?? false);
  const type = member.typeAnnotation?.typeAnnotation;
  if (name === undefined || type === undefined || type.type === ("TSTypeAnnotation" as string)) return [];
  const shape = shapeOf(type as TypeNode, file);
  if (shape === undefined) return [];
  const comments = (member.leadingComments ?? []).map(({ value }) => value).join("\n");
  const nested = keysOf(type as TypeNode, file);
  return [{ name, shape, stated: statedIn(comments), nested, optional: member.optional === true }];
}

/** `Defaults to \`x\`.` */
function statedIn(comment: string): boolean | number | string | undefined {
  const word = /Defaults to `([^`]+)`/.exec(comment)?.[1];
  if (word === undefined) return undefined;
  if (word === "true" || word === "false") return word === "true";
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  return /^"(.*)"$/.exec(word)?.[1];
}

type Reader<Kind extends TypeNode["type"]> = (type: Of<Kind>, file: DeclarationFile) => Shape | undefined;

const NUMBER: Shape = { type: "union", of: [{ type: "int" }, { type: "float" }] };
const OBJECT: Shape = { type: "dict", keys: { type: "str" }, values: { type: "any" } };

const READERS: { readonly [Kind in TypeNode["type"]]?: Reader<Kind> } = {
  TSNumberKeyword: () => NUMBER,
  TSBigIntKeyword: () => ({ type: "int" }),
  TSStringKeyword: () => ({ type: "str" }),
  TSBooleanKeyword: () => ({ type: "bool" }),
  TSNullKeyword: () => ({ type: "none" }),
  TSObjectKeyword: () => OBJECT,
  TSTypeLiteral: () => OBJECT,
  TSMappedType: () => OBJECT,
  TSLiteralType: ({ literal }) =>
    "value" in literal && typeof literal.value !== "object" ? { type: "literal", values: [literal.value] } : undefined,
  TSParenthesizedType: ({ typeAnnotation }, file) => shapeOf(typeAnnotation, file),
  TSArrayType: ({ elementType }, file) => listOf(elementType, file),
  TSTypeOperator: ({ operator, typeAnnotation }, file) =>
    operator === "keyof" ? namesOf(typeAnnotation, file) : shapeOf(typeAnnotation, file),
  TSConditionalType: ({ trueType }, file) => shapeOf(trueType, file),
  TSIntersectionType: ({ types }, file) =>
    types.map((each) => shapeOf(each, file)).find((each) => each !== undefined && each.type !== "dict"),
  TSUnionType: ({ types }, file) => unionOf(types.map((each) => shapeOf(each, file))),
  TSTypeReference: referenceOf,
};

function shapeOf(type: TypeNode, file: DeclarationFile): Shape | undefined {
  const read = READERS[type.type] as ((type: TypeNode, file: DeclarationFile) => Shape | undefined) | undefined;
  return read?.(type, file);
}

function listOf(element: TypeNode, file: DeclarationFile): Shape | undefined {
  const items = shapeOf(element, file);
  return items && { type: "list", items };
}

function unionOf(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const known = shapes.filter((each) => each !== undefined);
  const flat = known.flatMap((each) => (each.type === "union" ? each.of : [each]));
  const literals = flat.flatMap((each) => (each.type === "literal" ? each.values : []));
  const others = flat.filter(({ type }) => type !== "literal");
  const distinct = [...new Map(others.map((each) => [JSON.stringify(each), each])).values()];
  const all: readonly Shape[] = [
    ...(literals.length === 0 ? [] : [{ type: "literal", values: literals } as const]),
    ...distinct,
  ];
  const [only] = all;
  return all.length > 1 ? { type: "union", of: all } : only;
}

function namesOf(type: TypeNode, file: DeclarationFile): Shape | undefined {
  if (type.type !== "TSTypeQuery" || type.exprName.type !== "Identifier") return undefined;
  const found = file.find(type.exprName.name)?.node;
  return found?.type === "TSEnumDeclaration"
    ? { type: "literal", values: membersOf(found).map(([name]) => name) }
    : undefined;
}

function referenceOf(type: Of<"TSTypeReference">, file: DeclarationFile): Shape | undefined {
  if (type.typeName.type !== "Identifier") return undefined;
  const { name } = type.typeName;
  const [first] = type.typeArguments?.params ?? [];
  if ((name === "Array" || name === "ReadonlyArray") && first !== undefined) return listOf(first, file);
  if (name === "Record" || name === "Partial") return OBJECT;
  const found = file.find(name);
  if (found === undefined) return undefined;
  if (found.node.type === "TSTypeAliasDeclaration") return shapeOf(found.node.typeAnnotation, found.file);
  return { type: "literal", values: membersOf(found.node).map(([, value]) => value) };
}

function membersOf(node: StatementOf<"TSEnumDeclaration">): readonly (readonly [string, number | string])[] {
  return node.body.members.map(({ id, initializer }, place) => {
    const value = initializer as { readonly value?: unknown } | null | undefined;
    const held = typeof value?.value === "string" || typeof value?.value === "number" ? value.value : place;
    return [keyName(id, false) ?? "", held] as const;
  });
}
