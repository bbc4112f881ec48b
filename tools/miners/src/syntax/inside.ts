import type { Expr } from "./expressions.ts";
import type { Stmt } from "./statements.ts";

/** Expressions and statements directly below a node, in the order they are written. */
export function* below(node: Expr | Stmt): Generator<Expr | Stmt> {
  for (const [key, value] of Object.entries(node)) if (key !== "span" && key !== "literal") yield* nodesIn(value);
}

/** Arguments, handlers and the like are no nodes themselves: what they hold is. */
function* nodesIn(value: unknown): Generator<Expr | Stmt> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item);
  } else if (value !== null && typeof value === "object") {
    if (isNode(value)) yield value;
    else for (const [key, item] of Object.entries(value)) if (key !== "span") yield* nodesIn(item);
  }
}

const isNode = (value: object): value is Expr | Stmt =>
  "kind" in value && typeof value.kind === "string" && /^[A-Z]/.test(value.kind);

/** A node and everything below it. */
export function* everyNode(node: Expr | Stmt): Generator<Expr | Stmt> {
  yield node;
  for (const child of below(node)) yield* everyNode(child);
}

/** Everything in a block. */
export function* everyNodeOf(block: readonly Stmt[]): Generator<Expr | Stmt> {
  for (const statement of block) yield* everyNode(statement);
}
