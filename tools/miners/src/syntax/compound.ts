import type { Node } from "web-tree-sitter";
import {
  textDigest,
  fieldOf,
  hasToken,
  optionalField,
  partOf,
  parts,
  spanOf,
  under,
  type Convert,
  type StatementRules,
} from "./convert.ts";
import type { Expr } from "./expressions.ts";
import { argumentsOf } from "./operations.ts";
import { paramsOf } from "./params.ts";
import type { ExceptHandler, MatchCase, Stmt, WithItem } from "./statements.ts";

/** Statements that hold blocks. */
export const COMPOUND_RULES: StatementRules = {
  if_statement: ifStatement,
  while_statement: (node, convert) => ({
    kind: "While",
    span: spanOf(node),
    test: fieldOf(node, "condition", convert),
    body: bodyOf(node, "body", convert),
    orelse: elseOf(node, convert),
  }),
  for_statement: (node, convert) => ({
    kind: "For",
    span: spanOf(node),
    target: fieldOf(node, "left", convert),
    iter: fieldOf(node, "right", convert),
    body: bodyOf(node, "body", convert),
    orelse: elseOf(node, convert),
    isAsync: hasToken(node, "async"),
  }),
  try_statement: tryStatement,
  with_statement: (node, convert) => ({
    kind: "With",
    span: spanOf(node),
    items: parts(node)
      .filter(({ type }) => type === "with_clause")
      .flatMap((clause) => withItems(clause, convert)),
    body: bodyOf(node, "body", convert),
    isAsync: hasToken(node, "async"),
  }),
  match_statement: (node, convert) => ({
    kind: "Match",
    span: spanOf(node),
    subject: subjectOf(node, convert),
    cases: parts(node.childForFieldName("body") ?? node)
      .filter(({ type }) => type === "case_clause")
      .map((clause) => caseOf(clause, convert)),
  }),
  function_definition: (node, convert) => functionOf(node, [], convert),
  class_definition: (node, convert) => classOf(node, [], convert),
  decorated_definition: decorated,
};

function bodyOf(node: Node, field: string, convert: Convert): readonly Stmt[] {
  const block = node.childForFieldName(field);
  return block === null ? [] : convert.block(block);
}

function elseOf(node: Node, convert: Convert): readonly Stmt[] {
  const clause = parts(node).find(({ type }) => type === "else_clause");
  return clause === undefined ? [] : bodyOf(clause, "body", convert);
}

/** `elif` is an `if` alone in the else block. */
function ifStatement(node: Node, convert: Convert): Stmt {
  const clauses = under(node, "alternative");
  const last = clauses.at(-1);
  let orelse = last?.type === "else_clause" ? bodyOf(last, "body", convert) : [];
  for (const clause of clauses.toReversed()) {
    if (clause.type === "elif_clause") orelse = [branch(clause, orelse, convert)];
  }
  return branch(node, orelse, convert);
}

const branch = (node: Node, orelse: readonly Stmt[], convert: Convert): Stmt => ({
  kind: "If",
  span: spanOf(node),
  test: fieldOf(node, "condition", convert),
  body: bodyOf(node, "consequence", convert),
  orelse,
});

function tryStatement(node: Node, convert: Convert): Stmt {
  const clauses = parts(node);
  const finallyClause = clauses.find(({ type }) => type === "finally_clause");
  return {
    kind: "Try",
    span: spanOf(node),
    body: bodyOf(node, "body", convert),
    handlers: clauses.filter(({ type }) => type === "except_clause").map((clause) => handlerOf(clause, convert)),
    orelse: elseOf(node, convert),
    finalbody: finallyClause === undefined ? [] : blockIn(finallyClause, convert),
  };
}

function blockIn(clause: Node, convert: Convert): readonly Stmt[] {
  const block = parts(clause).find(({ type }) => type === "block");
  return block === undefined ? [] : convert.block(block);
}

function handlerOf(clause: Node, convert: Convert): ExceptHandler {
  const value = under(clause, "value")[0];
  const aliased = value?.type === "as_pattern" ? value : undefined;
  const type = aliased === undefined ? value : parts(aliased)[0];
  const name = aliased === undefined ? under(clause, "alias")[0] : under(aliased, "alias")[0];
  return {
    span: spanOf(clause),
    type: type === undefined ? null : convert.expression(type),
    name: name?.text ?? null,
    body: blockIn(clause, convert),
  };
}

function withItems(clause: Node, convert: Convert): readonly WithItem[] {
  return parts(clause).map((item) => {
    const value = under(item, "value")[0] ?? item;
    const aliased = aliasedIn(value);
    const target = aliased === undefined ? null : optionalField(aliased, "alias", convert);
    return { context: convert.expression(value), target };
  });
}

/** The grammar binds `as` tighter than `if ... else`, so it can stand at the right edge of what is opened. */
function aliasedIn(node: Node): Node | undefined {
  if (node.type === "as_pattern") return node;
  const last = parts(node).at(-1);
  return node.type === "conditional_expression" && last !== undefined ? aliasedIn(last) : undefined;
}

function subjectOf(node: Node, convert: Convert): Expr {
  const subjects = under(node, "subject").map(convert.expression);
  const [only] = subjects;
  if (only !== undefined && subjects.length === 1 && !hasToken(node, ",")) return only;
  return { kind: "Tuple", span: spanOf(node), elts: subjects };
}

function caseOf(clause: Node, convert: Convert): MatchCase {
  const patterns = parts(clause).filter(({ type }) => type === "case_pattern");
  const guard = under(clause, "guard")[0];
  const digest = patterns.map(textDigest).join("");
  return {
    span: spanOf(clause),
    pattern: { kind: "Unparsed", span: spanOf(patterns[0] ?? clause), reason: "a match pattern", digest },
    binds: patterns.flatMap(boundNames),
    guard: guard === undefined ? null : partOf(guard, 0, convert),
    body: bodyOf(clause, "consequence", convert),
  };
}

/** Names that a pattern may bind: bare names, stars and `as`. */
function boundNames(pattern: Node): readonly string[] {
  const names = pattern.descendantsOfType("identifier").map(({ text }) => text);
  return [...new Set(names)].filter((name) => name !== "_");
}

function functionOf(node: Node, decorators: readonly Expr[], convert: Convert): Stmt {
  const list = node.childForFieldName("parameters");
  return {
    kind: "FunctionDef",
    span: spanOf(node),
    name: under(node, "name")[0]?.text ?? "",
    params: list === null ? [] : paramsOf(list, convert),
    returns: optionalField(node, "return_type", convert),
    decorators,
    body: bodyOf(node, "body", convert),
    isAsync: hasToken(node, "async"),
  };
}

function classOf(node: Node, decorators: readonly Expr[], convert: Convert): Stmt {
  const list = node.childForFieldName("superclasses");
  const { args, keywords } = list === null ? { args: [], keywords: [] } : argumentsOf(list, convert);
  return {
    kind: "ClassDef",
    span: spanOf(node),
    name: under(node, "name")[0]?.text ?? "",
    bases: args,
    keywords,
    decorators,
    body: bodyOf(node, "body", convert),
  };
}

function decorated(node: Node, convert: Convert): Stmt {
  const decorators = parts(node)
    .filter(({ type }) => type === "decorator")
    .map((decorator) => partOf(decorator, 0, convert));
  const definition = node.childForFieldName("definition");
  if (definition === null) return convert.unparsed(node, "no definition");
  const make = definition.type === "class_definition" ? classOf : functionOf;
  return make(definition, decorators, convert);
}
