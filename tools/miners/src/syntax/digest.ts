import { sha256 } from "@lem/domain";
import type { Expr } from "./expressions.ts";
import type { Stmt } from "./statements.ts";

/**
 * Digest of what a node means: of its kinds, names and literals, not of its position, spacing, comments or quotes.
 * It tells a changed condition from an unchanged one without keeping the text.
 */
export function digestOf(node: Expr | Stmt | readonly (Expr | Stmt)[]): string {
  const text = JSON.stringify(node, (key, value: unknown) => {
    if (key === "span") return undefined;
    return typeof value === "bigint" ? `${value}` : value;
  });
  return sha256(text).slice(0, 16);
}
