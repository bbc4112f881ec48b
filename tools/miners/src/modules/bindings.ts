import type { Expr } from "../syntax/expressions.ts";
import type { ClassDef, FunctionDef, Stmt, StmtOf } from "../syntax/statements.ts";
import {
  innerBlocks,
  type Binding,
  type ClassInfo,
  type Constant,
  type FunctionInfo,
  type FunctionRole,
} from "./definitions.ts";

/** Where a block of statements stands. */
export interface Place {
  readonly module: string;
  readonly path: string;
  /** The module itself for a package's `__init__`, else the package above it: what `from .` starts at. */
  readonly package: string;
  /** Qualified name of what holds the block, with a dot or `.<locals>.` behind; empty at the top. */
  readonly prefix: string;
  /** Set in a class body. */
  readonly owner: string | null;
}

/** Names that a block binds, and the modules it star-imports. */
export interface Bound {
  readonly names: ReadonlyMap<string, Binding>;
  readonly stars: readonly string[];
}

/**
 * Collects what a block binds, its branches included: which of them runs is not known here. A definition or import wins
 * over an assignment, as with a fallback in `except ImportError`; otherwise the last one wins.
 */
export function bindingsOf(block: readonly Stmt[], place: Place): Bound {
  const names = new Map<string, Binding>();
  const stars: string[] = [];
  const add = (name: string, binding: Binding): void => {
    const earlier = names.get(name);
    if (binding.kind === "constant" && earlier !== undefined && earlier.kind !== "constant") return;
    names.set(name, binding);
  };
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      for (const [name, binding] of boundBy(statement, place)) add(name, binding);
      if (statement.kind === "ImportFrom" && statement.names.some(({ name }) => name === "*"))
        stars.unshift(importedModule(statement, place));
      innerBlocks(statement).forEach(visit);
    }
  };
  visit(block);
  return { names, stars };
}

function boundBy(statement: Stmt, place: Place): readonly (readonly [string, Binding])[] {
  switch (statement.kind) {
    case "ClassDef":
      return [[statement.name, classInfo(statement, place)]];
    case "FunctionDef":
      return [[statement.name, functionInfo(statement, place)]];
    case "Import":
      return statement.names.map(({ name, alias }) => [
        alias ?? name.split(".")[0] ?? name,
        { kind: "import", module: alias === null ? (name.split(".")[0] ?? name) : name, name: null },
      ]);
    case "ImportFrom":
      return statement.names
        .filter(({ name }) => name !== "*")
        .map(({ name, alias }) => [alias ?? name, { kind: "import", module: importedModule(statement, place), name }]);
    default:
      return constantsIn(statement, place).map((constant) => [constant.name, constant]);
  }
}

function importedModule({ module, level }: StmtOf<"ImportFrom">, place: Place): string {
  if (level === 0) return module;
  const base = place.package
    .split(".")
    .slice(0, level === 1 ? undefined : 1 - level)
    .join(".");
  return module === "" ? base : `${base}.${module}`;
}

function constantsIn(statement: Stmt, { module }: Place): readonly Constant[] {
  const constant = (target: Expr, value: Expr | null, annotation: Expr | null): Constant[] =>
    target.kind === "Name" ? [{ kind: "constant", module, name: target.id, value, annotation }] : [];
  if (statement.kind === "Assign")
    return statement.targets.flatMap((target) => constant(target, statement.value, null));
  if (statement.kind === "AnnAssign") return constant(statement.target, statement.value, statement.annotation);
  return [];
}

/** A class with its methods and fields. */
export function classInfo(node: ClassDef, place: Place): ClassInfo {
  const qualname = `${place.prefix}${node.name}`;
  const inside: Place = { ...place, prefix: `${qualname}.`, owner: qualname };
  return {
    kind: "class",
    module: place.module,
    path: place.path,
    qualname,
    node,
    methods: flattened(node.body).flatMap((statement) =>
      statement.kind === "FunctionDef" ? [functionInfo(statement, inside)] : [],
    ),
    fields: flattened(node.body).flatMap((statement) => constantsIn(statement, inside)),
  };
}

/** A function at its place. */
export function functionInfo(node: FunctionDef, place: Place): FunctionInfo {
  return {
    kind: "function",
    module: place.module,
    path: place.path,
    qualname: `${place.prefix}${node.name}`,
    node,
    role: place.owner === null ? "function" : roleOf(node),
    owner: place.owner,
  };
}

/** Statements of a block and of its inner blocks. */
export const flattened = (block: readonly Stmt[]): readonly Stmt[] =>
  block.flatMap((statement) => [statement, ...innerBlocks(statement).flatMap(flattened)]);

const ROLES: Readonly<Record<string, FunctionRole>> = {
  staticmethod: "static-method",
  classmethod: "class-method",
  property: "getter",
  cached_property: "getter",
  abstractproperty: "getter",
  getter: "getter",
  setter: "setter",
  deleter: "deleter",
};

/** Python itself gives `__new__` and its like no instance. */
const IMPLICIT_ROLES: Readonly<Record<string, FunctionRole>> = {
  __new__: "class-method",
  __init_subclass__: "class-method",
  __class_getitem__: "class-method",
};

function roleOf(node: FunctionDef): FunctionRole {
  for (const decorator of node.decorators) {
    const name = lastName(decorator);
    const role = name === undefined || !Object.hasOwn(ROLES, name) ? undefined : ROLES[name];
    if (role !== undefined) return role;
  }
  return (Object.hasOwn(IMPLICIT_ROLES, node.name) ? IMPLICIT_ROLES[node.name] : undefined) ?? "method";
}

/** The last part of a dotted name; of a call, that of what is called. */
export function lastName(expr: Expr): string | undefined {
  if (expr.kind === "Call") return lastName(expr.func);
  if (expr.kind === "Attribute") return expr.attr;
  return expr.kind === "Name" ? expr.id : undefined;
}
