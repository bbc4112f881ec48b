import type { Node } from "web-tree-sitter";
import { fieldOf, hasToken, partOf, parts, spanOf, under, type Convert, type ExpressionRules } from "./convert.ts";
import type { Comprehension, Expr } from "./expressions.ts";
import { paramsOf } from "./params.ts";

/** Lists, tuples, sets, dictionaries, comprehensions, lambdas, and the forms that types are written in. */
export const DISPLAY_RULES: ExpressionRules = {
  list: elements("List"),
  set: elements("Set"),
  tuple: elements("Tuple"),
  list_pattern: elements("List"),
  tuple_pattern: elements("Tuple"),
  pattern_list: elements("Tuple"),
  expression_list: elements("Tuple"),
  dictionary: dictionary,
  list_comprehension: comprehension("ListComp"),
  set_comprehension: comprehension("SetComp"),
  generator_expression: comprehension("GeneratorExp"),
  dictionary_comprehension: (node, convert) => {
    const pair = under(node, "body")[0] ?? node;
    const [key, value] = [fieldOf(pair, "key", convert), fieldOf(pair, "value", convert)];
    return { kind: "DictComp", span: spanOf(node), key, value, generators: generatorsOf(node, convert) };
  },
  lambda: (node, convert) => {
    const list = under(node, "parameters")[0];
    const params = list === undefined ? [] : paramsOf(list, convert);
    return { kind: "Lambda", span: spanOf(node), params, body: fieldOf(node, "body", convert) };
  },
  type: (node, convert) => partOf(node, 0, convert),
  as_pattern: (node, convert) => partOf(node, 0, convert),
  as_pattern_target: (node, convert) => partOf(node, 0, convert),
  generic_type: genericType,
  union_type: unionType,
  member_type: (node, convert) => ({
    kind: "Attribute",
    span: spanOf(node),
    value: partOf(node, 0, convert),
    attr: parts(node)[1]?.text ?? "",
  }),
  splat_type: (node, convert) => ({ kind: "Starred", span: spanOf(node), value: partOf(node, 0, convert) }),
};

function elements(kind: "List" | "Set" | "Tuple") {
  return (node: Node, convert: Convert): Expr => ({
    kind,
    span: spanOf(node),
    elts: parts(node).map(convert.expression),
  });
}

function dictionary(node: Node, convert: Convert): Expr {
  const keys: (Expr | null)[] = [];
  const values: Expr[] = [];
  for (const item of parts(node)) {
    const isPair = item.type === "pair";
    keys.push(isPair ? fieldOf(item, "key", convert) : null);
    values.push(isPair ? fieldOf(item, "value", convert) : partOf(item, 0, convert));
  }
  return { kind: "Dict", span: spanOf(node), keys, values };
}

function comprehension(kind: "ListComp" | "SetComp" | "GeneratorExp") {
  return (node: Node, convert: Convert): Expr => ({
    kind,
    span: spanOf(node),
    elt: fieldOf(node, "body", convert),
    generators: generatorsOf(node, convert),
  });
}

function generatorsOf(node: Node, convert: Convert): readonly Comprehension[] {
  const found: (Comprehension & { ifs: Expr[] })[] = [];
  for (const clause of parts(node)) {
    if (clause.type === "if_clause") found.at(-1)?.ifs.push(partOf(clause, 0, convert));
    if (clause.type !== "for_in_clause") continue;
    const [target, iter] = [fieldOf(clause, "left", convert), fieldOf(clause, "right", convert)];
    found.push({ target, iter, ifs: [], isAsync: hasToken(clause, "async") });
  }
  return found;
}

/** `a | b | c` groups to the left in Python, whichever way the grammar nests it. */
function unionType(node: Node, convert: Convert): Expr {
  const [first, ...rest] = alternatives(node).map(convert.expression);
  if (first === undefined) return convert.unparsed(node, "an empty union");
  return rest.reduce<Expr>((left, right) => ({ kind: "BinOp", span: spanOf(node), left, op: "|", right }), first);
}

function alternatives(node: Node): readonly Node[] {
  const isBar = node.type === "binary_operator" && node.childForFieldName("operator")?.type === "|";
  if (node.type === "union_type" || node.type === "type" || isBar) return parts(node).flatMap(alternatives);
  return [node];
}

/** `name[a, b]` where a type is expected is a form of its own in the grammar, and a subscript in Python. */
function genericType(node: Node, convert: Convert): Expr {
  const list = parts(node)[1];
  const elts = list === undefined ? [] : parts(list).map(convert.expression);
  const [only] = elts;
  const isSingle = elts.length === 1 && list !== undefined && !hasToken(list, ",");
  const slice: Expr = isSingle && only !== undefined ? only : { kind: "Tuple", span: spanOf(node), elts };
  return { kind: "Subscript", span: spanOf(node), value: partOf(node, 0, convert), slice };
}
