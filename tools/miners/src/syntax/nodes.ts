import type { Expr } from "./expressions.ts";

/** Where a node stands in its file; lines count from 1, columns in UTF-16 units from 0. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What every node has. */
export interface Located {
  readonly span: Span;
}

/** One parameter of a function or lambda. */
export interface Param extends Located {
  readonly kind: "param";
  readonly name: string;
  /** How arguments reach it; `args` and `kwargs` are the starred ones. */
  readonly role: "positional" | "any" | "args" | "keyword" | "kwargs";
  readonly annotation: Expr | null;
  readonly default: Expr | null;
}

/** `for target in iter if ...` of a comprehension. */
export interface Comprehension {
  readonly target: Expr;
  readonly iter: Expr;
  readonly ifs: readonly Expr[];
  readonly isAsync: boolean;
}

/** `name=value` of a call or class header; `name` is null for `**value`. */
export interface Keyword {
  readonly name: string | null;
  readonly value: Expr;
}

/** `name as alias` of an import. */
export interface Alias {
  readonly name: string;
  readonly alias: string | null;
}
