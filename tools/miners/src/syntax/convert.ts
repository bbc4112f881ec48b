import type { Node } from "web-tree-sitter";
import { sha256 } from "@lem/domain";
import type { Expr } from "./expressions.ts";
import type { Span } from "./nodes.ts";
import type { Stmt } from "./statements.ts";

/** What a rule that turns one grammar node into one syntax node may ask for. */
export interface Convert {
  readonly expression: (node: Node) => Expr;
  readonly block: (node: Node) => readonly Stmt[];
  /** Records that a node could not be read, and stands in for it. */
  readonly unparsed: (node: Node, reason: string) => Expr & Stmt;
}

/** Rules by the grammar's node type. */
export type ExpressionRules = Readonly<Record<string, (node: Node, convert: Convert) => Expr>>;
/** As {@link ExpressionRules}; a rule may give several statements. */
export type StatementRules = Readonly<Record<string, (node: Node, convert: Convert) => Stmt>>;

/** Position of a node. */
export const spanOf = ({ startPosition, endPosition }: Node): Span => ({
  line: startPosition.row + 1,
  column: startPosition.column,
  endLine: endPosition.row + 1,
  endColumn: endPosition.column,
});

/** Named children, without comments and line continuations. */
export const parts = (node: Node): readonly Node[] =>
  node.namedChildren.filter((child) => child.type !== "comment" && child.type !== "line_continuation");

/** Children under one field name, without comments. */
export const under = (node: Node, field: string): readonly Node[] =>
  node.childrenForFieldName(field).filter((child) => child.isNamed && child.type !== "comment");

/** True when a token such as `async` or `,` stands directly in the node. */
export const hasToken = (node: Node, token: string): boolean => node.children.some((child) => child.type === token);

/** The expression under a field; a missing one is reported and stands as unparsed. */
export function fieldOf(node: Node, field: string, convert: Convert): Expr {
  const child = under(node, field)[0];
  return child === undefined ? convert.unparsed(node, `no ${field}`) : convert.expression(child);
}

/** The expression under a field, null where the source has none. */
export function optionalField(node: Node, field: string, convert: Convert): Expr | null {
  const child = under(node, field)[0];
  return child === undefined ? null : convert.expression(child);
}

/** The n-th expression in a node; a missing one is reported and stands as unparsed. */
export function partOf(node: Node, index: number, convert: Convert): Expr {
  const child = parts(node)[index];
  return child === undefined ? convert.unparsed(node, `no part ${index}`) : convert.expression(child);
}

/** Short digest of a node's text: tells two apart without keeping the text. */
export const textDigest = (node: Node): string => sha256(node.text).slice(0, 16);
