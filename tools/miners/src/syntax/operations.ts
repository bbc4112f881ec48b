import type { Node } from "web-tree-sitter";
import { fieldOf, hasToken, partOf, parts, spanOf, under, type Convert, type ExpressionRules } from "./convert.ts";
import type { BinaryOperator, CompareOperator, Expr, Keyword, UnaryOperator } from "./expressions.ts";

/** Names, operators, calls, look-ups and the other expressions without scopes of their own. */
export const OPERATION_RULES: ExpressionRules = {
  identifier: (node) => ({ kind: "Name", span: spanOf(node), id: node.text }),
  keyword_identifier: (node) => ({ kind: "Name", span: spanOf(node), id: node.text }),
  boolean_operator: booleanOperator,
  not_operator: (node, convert) => ({
    kind: "UnaryOp",
    span: spanOf(node),
    op: "not",
    operand: fieldOf(node, "argument", convert),
  }),
  unary_operator: (node, convert) => ({
    kind: "UnaryOp",
    span: spanOf(node),
    op: operatorOf(node) as UnaryOperator,
    operand: fieldOf(node, "argument", convert),
  }),
  binary_operator: (node, convert) => ({
    kind: "BinOp",
    span: spanOf(node),
    left: fieldOf(node, "left", convert),
    op: operatorOf(node) as BinaryOperator,
    right: fieldOf(node, "right", convert),
  }),
  comparison_operator: comparison,
  conditional_expression: (node, convert) => ({
    kind: "IfExp",
    span: spanOf(node),
    body: partOf(node, 0, convert),
    test: partOf(node, 1, convert),
    orelse: partOf(node, 2, convert),
  }),
  named_expression: (node, convert) => ({
    kind: "NamedExpr",
    span: spanOf(node),
    target: fieldOf(node, "name", convert),
    value: fieldOf(node, "value", convert),
  }),
  attribute: (node, convert) => {
    const attr = under(node, "attribute")[0]?.text ?? "";
    return starless(fieldOf(node, "object", convert), (value) => ({
      kind: "Attribute",
      span: spanOf(node),
      value,
      attr,
    }));
  },
  subscript: subscript,
  slice: slice,
  call: call,
  await: (node, convert) => ({ kind: "Await", span: spanOf(node), value: partOf(node, 0, convert) }),
  yield: (node, convert) =>
    hasToken(node, "from")
      ? { kind: "YieldFrom", span: spanOf(node), value: partOf(node, 0, convert) }
      : { kind: "Yield", span: spanOf(node), value: parts(node).length === 0 ? null : partOf(node, 0, convert) },
  parenthesized_expression: (node, convert) => partOf(node, 0, convert),
  list_splat: starred,
  list_splat_pattern: starred,
  parenthesized_list_splat: (node, convert) => partOf(node, 0, convert),
};

function starred(node: Node, convert: Convert): Expr {
  return { kind: "Starred", span: spanOf(node), value: partOf(node, 0, convert) };
}

/** In `*a(b), c` the grammar hangs the star on `a`; Python's star takes the whole call, look-up or attribute. */
function starless(base: Expr, build: (value: Expr) => Expr): Expr {
  if (base.kind !== "Starred") return build(base);
  return { kind: "Starred", span: base.span, value: build(base.value) };
}

const operatorOf = (node: Node): string => node.childForFieldName("operator")?.type ?? "";

/** `a and b and c` is one node in Python and a nest in the grammar; parentheses keep a nest a nest. */
function booleanOperator(node: Node, convert: Convert): Expr {
  const op = operatorOf(node) === "or" ? "or" : "and";
  const right = fieldOf(node, "right", convert);
  const left = node.childForFieldName("left");
  const nested = left?.type === "boolean_operator" && operatorOf(left) === op;
  const first = fieldOf(node, "left", convert);
  const before = nested && first.kind === "BoolOp" ? first.values : [first];
  return { kind: "BoolOp", span: spanOf(node), op, values: [...before, right] };
}

function comparison(node: Node, convert: Convert): Expr {
  const [left, ...comparators] = parts(node).map(convert.expression);
  const ops = node
    .childrenForFieldName("operators")
    .map(({ type }) => (type === "<>" ? "!=" : type) as CompareOperator);
  if (left === undefined || ops.length !== comparators.length) return convert.unparsed(node, "an odd comparison");
  return { kind: "Compare", span: spanOf(node), left, ops, comparators };
}

function subscript(node: Node, convert: Convert): Expr {
  const slices = under(node, "subscript").map(convert.expression);
  const [only] = slices;
  const single = slices.length === 1 && !hasToken(node, ",") ? only : undefined;
  const slice: Expr = single ?? { kind: "Tuple", span: spanOf(node), elts: slices };
  return starless(fieldOf(node, "value", convert), (value) => ({
    kind: "Subscript",
    span: spanOf(node),
    value,
    slice,
  }));
}

/** The colons, not the fields, say which part is which. */
function slice(node: Node, convert: Convert): Expr {
  const found: (Expr | null)[] = [null, null, null];
  let at = 0;
  for (const child of node.children) {
    if (child.type === ":") at += 1;
    else if (child.isNamed && child.type !== "comment") found[at] = convert.expression(child);
  }
  const [lower = null, upper = null, step = null] = found;
  return { kind: "Slice", span: spanOf(node), lower, upper, step };
}

function call(node: Node, convert: Convert): Expr {
  const list = node.childForFieldName("arguments");
  if (list === null) return convert.unparsed(node, "no arguments");
  const isGenerator = list.type === "generator_expression";
  const given = isGenerator ? { args: [convert.expression(list)], keywords: [] } : argumentsOf(list, convert);
  return starless(fieldOf(node, "function", convert), (func) => ({ kind: "Call", span: spanOf(node), func, ...given }));
}

/** Arguments of a call or of a class header. */
export function argumentsOf(
  list: Node,
  convert: Convert,
): { readonly args: readonly Expr[]; readonly keywords: readonly Keyword[] } {
  const args: Expr[] = [];
  const keywords: Keyword[] = [];
  for (const item of parts(list)) {
    if (item.type === "keyword_argument")
      keywords.push({ name: under(item, "name")[0]?.text ?? "", value: fieldOf(item, "value", convert) });
    else if (item.type === "dictionary_splat") keywords.push({ name: null, value: partOf(item, 0, convert) });
    else args.push(convert.expression(item));
  }
  return { args, keywords };
}
