import type { Expr } from "../syntax/expressions.ts";
import { digestOf } from "../syntax/digest.ts";
import type { Stmt, StmtOf } from "../syntax/statements.ts";

/**
 * One condition under which a place is evaluated. `after` is what an earlier return, continue or break leaves over;
 * earlier raises are no guards: they hide a site, but do not change what it means.
 */
export interface Guard {
  readonly kind: "if" | "after" | "loop" | "except" | "match" | "operand";
  readonly negated: boolean;
  /** Digest of the condition. */
  readonly digest: string;
}

/** A guard over an expression. */
export const guard = (kind: Guard["kind"], test: Expr | Stmt, negated = false): Guard => ({
  kind,
  negated,
  digest: digestOf(test),
});

/** How a block ends: `leave` by return, continue or break; `raise`; undefined when it can run on. */
export function exitOf(block: readonly Stmt[]): "leave" | "raise" | undefined {
  const last = block.at(-1);
  switch (last?.kind) {
    case "Return":
    case "Continue":
    case "Break":
      return "leave";
    case "Raise":
      return "raise";
    case "With":
      return exitOf(last.body);
    case "If":
      return both(exitOf(last.body), exitOf(last.orelse));
    case "Try":
      return exitOf(last.finalbody) ?? last.handlers.reduce((end, { body }) => both(end, exitOf(body)), tryExit(last));
    default:
      return undefined;
  }
}

type Exit = ReturnType<typeof exitOf>;

const both = (a: Exit, b: Exit): Exit => (a === undefined || b === undefined ? undefined : a === "leave" ? a : b);

const tryExit = ({ body, orelse }: StmtOf<"Try">): Exit => exitOf(orelse) ?? exitOf(body);

/** The conditions that hold behind a statement because some of its paths left the block. */
export function guardsAfter(statement: Stmt): readonly Guard[] {
  switch (statement.kind) {
    case "If":
      return afterIf(statement);
    case "With":
      return statement.body.flatMap(guardsAfter);
    case "Try":
    case "For":
    case "While":
    case "Match":
      return leavesSomewhere(statement) ? [guard("after", statement)] : [];
    default:
      return [];
  }
}

function afterIf(statement: StmtOf<"If" | "While">): readonly Guard[] {
  const { test, body, orelse } = statement;
  if (exitOf(body) === "leave") return [guard("after", test, true), ...orelse.flatMap(guardsAfter)];
  if (exitOf(orelse) === "leave") return [guard("after", test), ...body.flatMap(guardsAfter)];
  const inner = [...body, ...orelse].some((each) => guardsAfter(each).length > 0);
  return inner ? [guard("after", statement)] : [];
}

/** A return counts in a loop too; break and continue end with the loop. */
function leavesSomewhere(statement: Stmt): boolean {
  const blocks = "body" in statement && Array.isArray(statement.body) ? [statement.body as readonly Stmt[]] : [];
  const orelse = "orelse" in statement ? [statement.orelse] : [];
  const handlers = "handlers" in statement ? statement.handlers.map(({ body }) => body) : [];
  const cases = statement.kind === "Match" ? statement.cases.map(({ body }) => body) : [];
  const inner = [...blocks, ...orelse, ...handlers, ...cases].flat();
  return inner.some(
    (each) =>
      each.kind === "Return" || (each.kind !== "FunctionDef" && each.kind !== "ClassDef" && leavesSomewhere(each)),
  );
}
