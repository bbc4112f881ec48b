import type { Expr } from "../syntax/expressions.ts";
import type { Span } from "../syntax/nodes.ts";
import type { Stmt } from "../syntax/statements.ts";
import type { Guard } from "./guards.ts";

/** What can happen at a place: an engine refuses, says, changes or trips over a configuration. */
export const SITE_KINDS = {
  raise: "a raise statement",
  assert: "an assert statement",
  warning: "warnings.warn",
  log: "a log call of level WARNING or above",
  collect: "a conditional entry in a local list or mapping that a raise, warning or log call then reads",
  store: "a store on an object's attribute that is conditional, or whose value is not just the argument",
  return: "a return of another value than the argument, where the result is stored or a validator's",
  implicit: "an operator or call that raises for some user values, without a raise statement",
} as const;

/** One of {@link SITE_KINDS}. */
export type SiteKind = keyof typeof SITE_KINDS;

/** What an implicit site does that may raise. */
export const IMPLICIT_OPERATORS = {
  ordering: "< <= > >= on values of unlike types",
  membership: "in, not in: a container that is none, or a value without hash",
  arithmetic: "+ - * ** and the like on values of unlike types",
  division: "/ // % with zero or unlike types",
  subscript: "x[...]: no such key or index, or no container",
  attribute: "x.name on None or another type",
  conversion: "int(x), float(x) and the like",
  builtin: "len, min, sorted and others that need a certain type",
  lookup: "getattr without default, Enum(x), Enum[x], pop without default",
  iteration: "for over a value that is not iterable",
  unpack: "unpacking of another length or type",
  foreign: "a call outside the package with a user value",
  environment: "an import of another package, or a question about installed ones, that fails where it is missing",
} as const;

/** One of {@link IMPLICIT_OPERATORS}. */
export type ImplicitOperator = keyof typeof IMPLICIT_OPERATORS;

/** A node that a function evaluates, and under which conditions. */
export interface Step {
  readonly node: Expr | Stmt;
  readonly guards: readonly Guard[];
  /** Of the innermost function. */
  readonly qualname: string;
}

/** A place found in one function. */
export interface FoundSite {
  readonly kind: SiteKind;
  readonly operator: ImplicitOperator | null;
  readonly node: Expr | Stmt;
  readonly span: Span;
  readonly guards: readonly Guard[];
  readonly qualname: string;
}

/** A site at a step. */
export function siteAt(step: Step, kind: SiteKind, operator: ImplicitOperator | null = null): FoundSite {
  return { kind, operator, node: step.node, span: step.node.span, guards: step.guards, qualname: step.qualname };
}
