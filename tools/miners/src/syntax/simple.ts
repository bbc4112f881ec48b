import type { Node } from "web-tree-sitter";
import { fieldOf, optionalField, partOf, parts, spanOf, under, type Convert, type StatementRules } from "./convert.ts";
import type { BinaryOperator, Expr } from "./expressions.ts";
import type { Alias, Span } from "./nodes.ts";
import type { Stmt } from "./statements.ts";

/** Statements of one line. */
export const SIMPLE_RULES: StatementRules = {
  expression_statement: expressionStatement,
  return_statement: (node, convert) => ({ kind: "Return", span: spanOf(node), value: firstOrNull(node, convert) }),
  delete_statement: (node, convert) => {
    const target = partOf(node, 0, convert);
    const isList = parts(node)[0]?.type === "expression_list" && target.kind === "Tuple";
    return { kind: "Delete", span: spanOf(node), targets: isList ? target.elts : [target] };
  },
  raise_statement: (node, convert) => {
    const cause = under(node, "cause")[0];
    const exc = parts(node).find((part) => part.id !== cause?.id);
    return {
      kind: "Raise",
      span: spanOf(node),
      exc: exc === undefined ? null : convert.expression(exc),
      cause: cause === undefined ? null : convert.expression(cause),
    };
  },
  assert_statement: (node, convert) => ({
    kind: "Assert",
    span: spanOf(node),
    test: partOf(node, 0, convert),
    msg: parts(node).length > 1 ? partOf(node, 1, convert) : null,
  }),
  import_statement: (node) => ({ kind: "Import", span: spanOf(node), names: under(node, "name").map(aliasOf) }),
  future_import_statement: (node) => importFrom(node, "__future__", 0),
  import_from_statement: (node) => {
    const written = under(node, "module_name")[0]?.text ?? "";
    const dots = /^[.\s]*/.exec(written)?.[0] ?? "";
    return importFrom(node, written.slice(dots.length), dots.replaceAll(/\s/g, "").length);
  },
  global_statement: (node) => ({ kind: "Global", span: spanOf(node), names: parts(node).map(({ text }) => text) }),
  nonlocal_statement: (node) => ({ kind: "Nonlocal", span: spanOf(node), names: parts(node).map(({ text }) => text) }),
  type_alias_statement: typeAlias,
  pass_statement: (node) => ({ kind: "Pass", span: spanOf(node) }),
  break_statement: (node) => ({ kind: "Break", span: spanOf(node) }),
  continue_statement: (node) => ({ kind: "Continue", span: spanOf(node) }),
};

const firstOrNull = (node: Node, convert: Convert): Expr | null =>
  parts(node).length === 0 ? null : partOf(node, 0, convert);

function expressionStatement(node: Node, convert: Convert): Stmt {
  const inner = parts(node)[0];
  if (inner === undefined) return convert.unparsed(node, "an empty statement");
  if (inner.type === "assignment") return assignment(inner, convert);
  if (inner.type === "augmented_assignment") return augmented(inner, convert);
  const several = parts(node).map(convert.expression);
  const [only] = several;
  const isTuple = several.length > 1 || node.children.some(({ type }) => type === ",");
  const value: Expr = isTuple || only === undefined ? { kind: "Tuple", span: spanOf(node), elts: several } : only;
  return { kind: "Expr", span: spanOf(node), value };
}

/** `type(x).y = z` looks like an alias to the grammar: then the word before the parenthesis is a call. */
function typeAlias(node: Node, convert: Convert): Stmt {
  const span = spanOf(node);
  const name = fieldOf(node, "left", convert);
  const value = fieldOf(node, "right", convert);
  const isCall = /^type\s*\(/.test(node.text);
  return isCall
    ? { kind: "Assign", span, targets: [calling(name, span)], value }
    : { kind: "TypeAlias", span, name, value };
}

function calling(expr: Expr, span: Span): Expr {
  if (expr.kind === "Attribute" || expr.kind === "Subscript") return { ...expr, value: calling(expr.value, span) };
  return { kind: "Call", span, func: { kind: "Name", span, id: "type" }, args: [expr], keywords: [] };
}

function augmented(node: Node, convert: Convert): Stmt {
  return {
    kind: "AugAssign",
    span: spanOf(node),
    target: fieldOf(node, "left", convert),
    op: (node.childForFieldName("operator")?.type ?? "").slice(0, -1) as BinaryOperator,
    value: fieldOf(node, "right", convert),
  };
}

/** `a = b = c` is one statement with two targets in Python, and a nest in the grammar. */
function assignment(node: Node, convert: Convert): Stmt {
  const span = spanOf(node);
  const type = under(node, "type")[0];
  if (type !== undefined) {
    const annotation = convert.expression(type);
    return {
      kind: "AnnAssign",
      span,
      target: fieldOf(node, "left", convert),
      annotation,
      value: optionalField(node, "right", convert),
    };
  }
  const targets: Expr[] = [];
  let at = node;
  for (;;) {
    targets.push(fieldOf(at, "left", convert));
    const right = under(at, "right")[0];
    if (right?.type !== "assignment") return { kind: "Assign", span, targets, value: fieldOf(at, "right", convert) };
    at = right;
  }
}

function importFrom(node: Node, module: string, level: number): Stmt {
  const star = parts(node).some(({ type }) => type === "wildcard_import");
  const names = star ? [{ name: "*", alias: null }] : under(node, "name").map(aliasOf);
  return { kind: "ImportFrom", span: spanOf(node), module, names, level };
}

function aliasOf(node: Node): Alias {
  if (node.type !== "aliased_import") return { name: node.text, alias: null };
  return { name: under(node, "name")[0]?.text ?? "", alias: under(node, "alias")[0]?.text ?? null };
}
