import type { SourceTree } from "../source/source-tree.ts";
import type { PythonParser } from "../syntax/parse.ts";
import { bindingsOf } from "./bindings.ts";
import type { Binding, Definition, Module } from "./definitions.ts";

/** Follows more re-exports than any package has, and ends circles of imports. */
const MAX_HOPS = 40;

/** The modules of a source tree, read when first asked for. */
export class ModuleIndex {
  readonly #tree: SourceTree;
  readonly #parser: PythonParser;
  readonly #paths: ReadonlySet<string>;
  readonly #roots: ReadonlySet<string>;
  readonly #modules = new Map<string, Module>();

  constructor(tree: SourceTree, parser: PythonParser) {
    this.#tree = tree;
    this.#parser = parser;
    this.#paths = new Set(tree.paths);
    this.#roots = new Set(tree.paths.map((path) => (path.split("/")[0] ?? path).replace(/\.py$/, "")));
  }

  /** Modules read so far, sorted by name. */
  get read(): readonly Module[] {
    return [...this.#modules.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A module by its dotted name; undefined when the tree has none. */
  module(name: string): Module | undefined {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    const base = name.replaceAll(".", "/");
    const path = [`${base}/__init__.py`, `${base}.py`].find((candidate) => this.#paths.has(candidate));
    const file = path === undefined ? undefined : this.#tree.read(path);
    if (file === undefined) return undefined;
    const isPackage = file.path.endsWith("/__init__.py");
    const parsed = this.#parser.parse(file.bytes);
    const above = isPackage ? name : name.split(".").slice(0, -1).join(".");
    const { names, stars } = bindingsOf(parsed.body, {
      module: name,
      path: file.path,
      package: above,
      prefix: "",
      owner: null,
    });
    const { sha256 } = file;
    const module: Module = { kind: "module", name, path: file.path, sha256, isPackage, parsed, bindings: names, stars };
    this.#modules.set(name, module);
    return module;
  }

  /** The definition behind an absolute dotted name: modules, then their names, then members of classes. */
  find(dotted: string): Definition | undefined {
    const names = dotted.split(".");
    const [root = ""] = names;
    if (!this.#roots.has(root)) return { kind: "foreign", name: dotted };
    let found: Definition | undefined = this.module(root);
    for (const name of names.slice(1)) found = found === undefined ? undefined : this.member(found, name);
    return found;
  }

  /** A name in a module, in a class body, or behind a foreign name. */
  member(holder: Definition, name: string, hops = 0): Definition | undefined {
    switch (holder.kind) {
      case "foreign":
        return { kind: "foreign", name: `${holder.name}.${name}` };
      case "class":
        return (
          holder.methods.find(({ node }) => node.name === name) ?? holder.fields.find((field) => field.name === name)
        );
      case "module":
        return this.#nameIn(holder, name, hops);
      default:
        return undefined;
    }
  }

  /** Follows an import to what it stands for; any other binding stands for itself. */
  follow(binding: Binding, hops = 0): Definition | undefined {
    if (binding.kind !== "import") return binding;
    if (hops > MAX_HOPS) return undefined;
    const { module, name } = binding;
    const [root = ""] = module.split(".");
    if (!this.#roots.has(root)) return { kind: "foreign", name: name === null ? module : `${module}.${name}` };
    const holder = this.module(module);
    if (name === null || holder === undefined) return holder;
    return this.member(holder, name, hops + 1);
  }

  #nameIn(module: Module, name: string, hops: number): Definition | undefined {
    const binding = module.bindings.get(name);
    const isItself = binding?.kind === "import" && binding.module === module.name && binding.name === name;
    if (binding !== undefined && !isItself) return this.follow(binding, hops);
    const submodule = module.isPackage ? this.module(`${module.name}.${name}`) : undefined;
    if (submodule !== undefined || hops > MAX_HOPS) return submodule;
    for (const star of module.stars) {
      const found = this.follow({ kind: "import", module: star, name }, hops + 1);
      if (found !== undefined && found.kind !== "foreign") return found;
    }
    return undefined;
  }
}
