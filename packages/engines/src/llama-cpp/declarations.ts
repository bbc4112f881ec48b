import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "@babel/parser";

type Statement = ReturnType<typeof parse>["program"]["body"][number];
type Of<Kind extends Statement["type"]> = Extract<Statement, { type: Kind }>;

/** `type X = ...`. */
export type Alias = Of<"TSTypeAliasDeclaration">;
/** `enum X { ... }`. */
export type Enum = Of<"TSEnumDeclaration">;
/** A type expression. */
export type TypeNode = Alias["typeAnnotation"];

/** A declared type with the file whose names it uses. */
export interface Declared {
  readonly node: Alias | Enum;
  readonly file: DeclarationFile;
}

/** A `.d.ts` file: finds the types that it declares or imports by a relative path. */
export class DeclarationFile {
  readonly #path: string;
  readonly #opened: Map<string, DeclarationFile>;
  readonly #declared = new Map<string, Alias | Enum>();
  readonly #imported = new Map<string, { readonly name: string; readonly path: string }>();

  private constructor(path: string, opened: Map<string, DeclarationFile>) {
    this.#path = path;
    this.#opened = opened;
    const { program } = parse(readFileSync(path, "utf8"), {
      sourceType: "module",
      plugins: [["typescript", { dts: true }]],
    });
    for (const statement of program.body) this.#take(statement);
  }

  /** Opens a file; those that it imports are opened when a type of theirs is asked for. */
  static open(path: string, opened: Map<string, DeclarationFile> = new Map()): DeclarationFile {
    const known = opened.get(path);
    if (known !== undefined) return known;
    const file = new DeclarationFile(path, opened);
    opened.set(path, file);
    return file;
  }

  /** A type by its name in this file; undefined for classes, type parameters, and types of other packages. */
  find(name: string): Declared | undefined {
    const node = this.#declared.get(name);
    if (node !== undefined) return { node, file: this };
    const from = this.#imported.get(name);
    return from === undefined ? undefined : DeclarationFile.open(from.path, this.#opened).find(from.name);
  }

  #take(statement: Statement): void {
    if (statement.type === "ImportDeclaration") this.#takeImport(statement);
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "TSTypeAliasDeclaration" || declaration?.type === "TSEnumDeclaration") {
      this.#declared.set(declaration.id.name, declaration);
    }
  }

  #takeImport({ source, specifiers }: Of<"ImportDeclaration">): void {
    if (!source.value.startsWith(".")) return;
    const path = join(dirname(this.#path), source.value.replace(/\.js$/, ".d.ts"));
    for (const specifier of specifiers) {
      if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") continue;
      this.#imported.set(specifier.local.name, { name: specifier.imported.name, path });
    }
  }
}
