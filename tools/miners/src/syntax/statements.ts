import type { BinaryOperator, Expr, Keyword, Param } from "./expressions.ts";
import type { Alias, Located } from "./nodes.ts";

/** `expr as target` of a with statement. */
export interface WithItem {
  readonly context: Expr;
  readonly target: Expr | null;
}

/** One `except` clause; `type` is null for a bare one. */
export interface ExceptHandler extends Located {
  readonly type: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}

/**
 * One `case`. Of the pattern only the names it binds and a digest are known: the walk treats what it matches as
 * unknown.
 */
export interface MatchCase extends Located {
  readonly pattern: Expr;
  readonly binds: readonly string[];
  readonly guard: Expr | null;
  readonly body: readonly Stmt[];
}

/** A function, method or coroutine. */
export interface FunctionDef extends Located {
  readonly kind: "FunctionDef";
  readonly name: string;
  readonly params: readonly Param[];
  readonly returns: Expr | null;
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly isAsync: boolean;
}

/** A class. */
export interface ClassDef extends Located {
  readonly kind: "ClassDef";
  readonly name: string;
  readonly bases: readonly Expr[];
  readonly keywords: readonly Keyword[];
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
}

/** A statement, shaped as in Python's `ast`; what could not be read is `Unparsed` with the reason, never dropped. */
export type Stmt =
  | FunctionDef
  | ClassDef
  | (Located &
      (
        | { readonly kind: "Return" | "Expr"; readonly value: Expr | null }
        | { readonly kind: "Delete"; readonly targets: readonly Expr[] }
        | { readonly kind: "Assign"; readonly targets: readonly Expr[]; readonly value: Expr }
        | { readonly kind: "AugAssign"; readonly target: Expr; readonly op: BinaryOperator; readonly value: Expr }
        | { readonly kind: "AnnAssign"; readonly target: Expr; readonly annotation: Expr; readonly value: Expr | null }
        | ForStmt
        | {
            readonly kind: "While" | "If";
            readonly test: Expr;
            readonly body: readonly Stmt[];
            readonly orelse: readonly Stmt[];
          }
        | {
            readonly kind: "With";
            readonly items: readonly WithItem[];
            readonly body: readonly Stmt[];
            readonly isAsync: boolean;
          }
        | { readonly kind: "Match"; readonly subject: Expr; readonly cases: readonly MatchCase[] }
        | { readonly kind: "Raise"; readonly exc: Expr | null; readonly cause: Expr | null }
        | TryStmt
        | { readonly kind: "Assert"; readonly test: Expr; readonly msg: Expr | null }
        | { readonly kind: "Import"; readonly names: readonly Alias[] }
        | {
            readonly kind: "ImportFrom";
            readonly module: string;
            readonly names: readonly Alias[];
            readonly level: number;
          }
        | { readonly kind: "Global" | "Nonlocal"; readonly names: readonly string[] }
        | { readonly kind: "TypeAlias"; readonly name: Expr; readonly value: Expr }
        | { readonly kind: "Pass" | "Break" | "Continue" }
        | { readonly kind: "Unparsed"; readonly reason: string; readonly digest: string }
      ));

interface ForStmt {
  readonly kind: "For";
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
  readonly isAsync: boolean;
}

interface TryStmt {
  readonly kind: "Try";
  readonly body: readonly Stmt[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}

/** Name of one kind of statement. */
export type StmtKind = Stmt["kind"];
/** The statements of one kind. */
export type StmtOf<K extends StmtKind> = Extract<Stmt, { kind: K }>;
