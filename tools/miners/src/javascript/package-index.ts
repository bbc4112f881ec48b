import { posix } from "node:path";
import type { SourceTree } from "../source/source-tree.ts";
import {
  keyName,
  parseModule,
  type ClassNode,
  type Expression,
  type FunctionNode,
  type MethodNode,
  type Statement,
  type StatementOf,
} from "./syntax.ts";

/** What a name of a module stands for. */
export type Binding =
  | { readonly kind: "function"; readonly node: FunctionNode; readonly module: Module }
  | { readonly kind: "class"; readonly cls: ClassInfo }
  | { readonly kind: "constant"; readonly init: Expression; readonly module: Module }
  | { readonly kind: "foreign"; readonly name: string };

/** A class of the package. */
export interface ClassInfo {
  readonly name: string;
  readonly node: ClassNode;
  readonly module: Module;
}

/** A method with the class that has it. */
export interface MethodInfo {
  readonly cls: ClassInfo;
  readonly node: MethodNode;
}

type Import = { readonly from: string; readonly name: string };

/** One file, with what its names stand for. */
export class Module {
  readonly path: string;
  readonly body: readonly Statement[];
  readonly #own = new Map<string, Binding>();
  readonly #imports = new Map<string, Import>();
  readonly #exports = new Map<string, Import>();
  readonly #stars: string[] = [];
  readonly #index: PackageIndex;

  constructor(path: string, body: readonly Statement[], index: PackageIndex) {
    this.path = path;
    this.body = body;
    this.#index = index;
    for (const statement of body) this.#take(statement);
  }

  /** Names that the module itself declares. */
  get own(): ReadonlyMap<string, Binding> {
    return this.#own;
  }

  /** What a name stands for here; undefined for one that is no name of the module. */
  find(name: string): Binding | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    const imported = this.#imports.get(name);
    return imported === undefined ? undefined : this.#follow(imported);
  }

  /** What the module exports under a name. */
  exported(name: string): Binding | undefined {
    const from = this.#exports.get(name);
    if (from !== undefined) return this.#follow(from);
    const own = this.find(name);
    if (own !== undefined) return own;
    for (const star of this.#stars) {
      const found = this.#index.module(star)?.exported(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #follow({ from, name }: Import): Binding {
    if (!from.startsWith(".")) return { kind: "foreign", name: `${from}.${name}` };
    const found = this.#index.module(this.#resolved(from))?.exported(name);
    return found ?? { kind: "foreign", name: `${from}.${name}` };
  }

  #resolved(from: string): string {
    return posix.join(posix.dirname(this.path), from);
  }

  #take(statement: Statement): void {
    switch (statement.type) {
      case "ImportDeclaration":
        for (const each of statement.specifiers)
          this.#imports.set(each.local.name, { from: statement.source.value, name: importedName(each) });
        return;
      case "ExportAllDeclaration":
        this.#stars.push(this.#resolved(statement.source.value));
        return;
      case "ExportNamedDeclaration":
        if (statement.declaration) this.#declare(statement.declaration as Statement);
        this.#reexport(statement);
        return;
      default:
        this.#declare(statement);
    }
  }

  #reexport({ source, specifiers }: StatementOf<"ExportNamedDeclaration">): void {
    for (const each of specifiers) {
      if (each.type !== "ExportSpecifier") continue;
      const name = keyName(each.exported, false) ?? "";
      if (source) this.#exports.set(name, { from: source.value, name: keyName(each.local, false) ?? "" });
    }
  }

  #declare(statement: Statement): void {
    if (statement.type === "FunctionDeclaration" && statement.id)
      this.#own.set(statement.id.name, { kind: "function", node: statement, module: this });
    if (statement.type === "ClassDeclaration" && statement.id) {
      const { name } = statement.id;
      this.#own.set(name, { kind: "class", cls: { name, node: statement, module: this } });
    }
    if (statement.type !== "VariableDeclaration") return;
    for (const { id, init } of statement.declarations)
      if (id.type === "Identifier" && init) this.#own.set(id.name, { kind: "constant", init, module: this });
  }
}

function importedName(specifier: StatementOf<"ImportDeclaration">["specifiers"][number]): string {
  if (specifier.type === "ImportSpecifier") return keyName(specifier.imported, false) ?? "";
  return specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
}

/** The files of a package, read on demand, with its classes. */
export class PackageIndex {
  readonly tree: SourceTree;
  readonly #modules = new Map<string, Module | null>();
  readonly #methods = new Map<string, MethodInfo[]>();

  constructor(tree: SourceTree) {
    this.tree = tree;
  }

  /** A file by its path in the tree; undefined where there is none. */
  module(path: string): Module | undefined {
    const known = this.#modules.get(path);
    if (known !== undefined) return known ?? undefined;
    const file = this.tree.read(path);
    if (file === undefined) {
      this.#modules.set(path, null);
      return undefined;
    }
    const made = new Module(path, parseModule(Buffer.from(file.bytes).toString("utf8")), this);
    this.#modules.set(path, made);
    return made;
  }

  /** Reads every file of a folder, so that methods can be found by their names alone. */
  readAll(folder: string): void {
    for (const path of this.tree.paths) {
      if (!path.startsWith(folder) || !path.endsWith(".js")) continue;
      for (const binding of this.module(path)?.own.values() ?? []) {
        if (binding.kind !== "class") continue;
        for (const node of methodsOf(binding.cls)) {
          const name = keyName(node.key, node.computed) ?? "";
          this.#methods.set(name, [...(this.#methods.get(name) ?? []), { cls: binding.cls, node }]);
        }
      }
    }
  }

  /** The method of that name, where only one class of the package has one. */
  onlyMethod(name: string): MethodInfo | undefined {
    const [only, ...others] = this.#methods.get(name) ?? [];
    return others.length === 0 ? only : undefined;
  }
}

/** The methods of a class, its constructor and accessors among them. */
export const methodsOf = ({ node }: ClassInfo): readonly MethodNode[] =>
  node.body.body.filter((member) => member.type === "ClassMethod");

/** A method or accessor of a class by its name. */
export const methodOf = (
  cls: ClassInfo,
  name: string,
  kinds: readonly MethodNode["kind"][],
  isStatic = false,
): MethodNode | undefined =>
  methodsOf(cls).find(
    (node) => kinds.includes(node.kind) && node.static === isStatic && keyName(node.key, node.computed) === name,
  );

/** The name that people know a function by. */
export function qualnameOf(node: FunctionNode, owner: string | undefined): string {
  if (node.type === "ClassMethod" || node.type === "ObjectMethod") {
    const name = keyName(node.key, node.computed) ?? "";
    return owner === undefined ? name : `${owner}.${name}`;
  }
  return node.type === "ArrowFunctionExpression" ? "" : (node.id?.name ?? "");
}
