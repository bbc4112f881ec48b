import type { Expr } from "../syntax/expressions.ts";
import { everyNode } from "../syntax/inside.ts";
import type { Stmt } from "../syntax/statements.ts";
import { siteAt, type FoundSite, type Step } from "./site.ts";

const ADDERS = /^(append|add|extend|update|insert|setdefault)$/;

/**
 * Conditional entries in a local container that starts empty and that an explicit site or its condition reads: many
 * checks that only note their finding, and one place that says them all.
 */
export function collectedSites(steps: readonly Step[], explicit: readonly FoundSite[]): readonly FoundSite[] {
  const empty = new Set(steps.flatMap(({ node }) => emptyNames(node)));
  if (empty.size === 0 || explicit.length === 0) return [];
  const read = namesReadBy(steps, explicit);
  return steps.flatMap((step) => {
    const name = collectedInto(step.node);
    const isSite = name !== undefined && empty.has(name) && read.has(name) && step.guards.length > 0;
    return isSite ? [siteAt(step, "collect")] : [];
  });
}

function emptyNames(node: Expr | Stmt): readonly string[] {
  if (node.kind !== "Assign" && node.kind !== "AnnAssign") return [];
  if (node.value === null || !isEmpty(node.value)) return [];
  return (node.kind === "Assign" ? node.targets : [node.target]).flatMap((target) =>
    target.kind === "Name" ? [target.id] : [],
  );
}

function isEmpty(expr: Expr): boolean {
  if (expr.kind === "List") return expr.elts.length === 0;
  if (expr.kind === "Dict") return expr.values.length === 0;
  const isMaker = expr.kind === "Call" && expr.func.kind === "Name" && /^(list|dict|set)$/.test(expr.func.id);
  return isMaker && expr.args.length === 0 && expr.keywords.length === 0;
}

/** A site's own words and the conditions and loops around it; names pass on through assignments. */
function namesReadBy(steps: readonly Step[], explicit: readonly FoundSite[]): ReadonlySet<string> {
  const read = new Set(explicit.flatMap(({ node }) => namesIn(node)));
  for (const { node } of steps) {
    const condition = conditionOf(node);
    const surrounds = explicit.some(({ span }) => span.line >= node.span.line && span.endLine <= node.span.endLine);
    if (condition !== undefined && surrounds) for (const name of namesIn(condition)) read.add(name);
  }
  for (const { node } of steps.toReversed()) {
    if (node.kind !== "Assign" || !node.targets.some((target) => target.kind === "Name" && read.has(target.id)))
      continue;
    for (const name of namesIn(node.value)) read.add(name);
  }
  return read;
}

function conditionOf(node: Expr | Stmt): Expr | undefined {
  if (node.kind === "For") return node.iter;
  return node.kind === "If" || node.kind === "While" ? node.test : undefined;
}

const namesIn = (node: Expr | Stmt): readonly string[] =>
  [...everyNode(node)].flatMap((each) => (each.kind === "Name" ? [each.id] : []));

function collectedInto(node: Expr | Stmt): string | undefined {
  switch (node.kind) {
    case "Call":
      return node.func.kind === "Attribute" && ADDERS.test(node.func.attr) ? nameOf(node.func.value) : undefined;
    case "AugAssign":
      return nameOf(node.target) ?? itemHolder(node.target);
    case "Assign":
      return node.targets[0] === undefined ? undefined : itemHolder(node.targets[0]);
    default:
      return undefined;
  }
}

const nameOf = (expr: Expr): string | undefined => (expr.kind === "Name" ? expr.id : undefined);

const itemHolder = (expr: Expr): string | undefined => (expr.kind === "Subscript" ? nameOf(expr.value) : undefined);
