import type { Expr } from "../syntax/expressions.ts";
import type { ParsedModule } from "../syntax/parse.ts";
import type { ClassDef, FunctionDef, Stmt } from "../syntax/statements.ts";

/** One module of the source tree. */
export interface Module {
  readonly kind: "module";
  /** Dotted: `package.module`. */
  readonly name: string;
  /** File in the tree. */
  readonly path: string;
  readonly sha256: string;
  readonly isPackage: boolean;
  readonly parsed: ParsedModule;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Modules whose names `from m import *` brings in, last first. */
  readonly stars: readonly string[];
}

/** What a name stands for where it is bound. */
export type Binding =
  | ClassInfo
  | FunctionInfo
  | Constant
  | { readonly kind: "import"; readonly module: string; readonly name: string | null };

/** A name bound by assignment at the top of a module, class or function; `value` is null where it is only declared. */
export interface Constant {
  readonly kind: "constant";
  readonly module: string;
  readonly name: string;
  readonly value: Expr | null;
  readonly annotation: Expr | null;
}

/** A class of the tree. */
export interface ClassInfo {
  readonly kind: "class";
  readonly module: string;
  readonly path: string;
  readonly qualname: string;
  readonly node: ClassDef;
  readonly methods: readonly FunctionInfo[];
  /** Names bound in the class body by assignment or annotation, in order. */
  readonly fields: readonly Constant[];
}

/** One name for a function wherever it is met; a getter and its setter share their qualified name, not their line. */
export const functionKey = ({ path, qualname, node }: FunctionInfo): string => `${path}:${qualname}:${node.span.line}`;

/** How a function is bound: a plain one, or what its decorators make of a method. */
export type FunctionRole = "function" | "method" | "class-method" | "static-method" | "getter" | "setter" | "deleter";

/** A function or method of the tree; nested ones belong to the function that holds them. */
export interface FunctionInfo {
  readonly kind: "function";
  readonly module: string;
  readonly path: string;
  readonly qualname: string;
  readonly node: FunctionDef;
  readonly role: FunctionRole;
  /** The class whose body holds it. */
  readonly owner: string | null;
}

/** What a dotted name means after imports and re-exports were followed; `foreign` lies outside the tree. */
export type Definition = Module | ClassInfo | FunctionInfo | Constant | Foreign;

/** A name outside the tree, dotted and absolute: `warnings.warn`. */
export interface Foreign {
  readonly kind: "foreign";
  readonly name: string;
}

/** Blocks directly inside a statement, the bodies of functions and classes not included. */
export function innerBlocks(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case "If":
    case "While":
    case "For":
      return [statement.body, statement.orelse];
    case "With":
      return [statement.body];
    case "Try":
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.orelse, statement.finalbody];
    case "Match":
      return statement.cases.map(({ body }) => body);
    default:
      return [];
  }
}
