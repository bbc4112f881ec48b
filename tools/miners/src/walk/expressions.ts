import type { Expr as Predicate } from "@lem/config/invariants";
import type { Expr, ExprOf, Literal } from "../syntax/expressions.ts";
import { everyNode } from "../syntax/inside.ts";
import { dottedName } from "../modules/class-order.ts";
import { getAttribute } from "./attributes.ts";
import { comprehension, dictComprehension } from "./comprehensions.ts";
import { dataOf } from "./data.ts";
import { and, condition, not, or } from "./expr/conditions.ts";
import { FALSE, intern, TRUE } from "./expr/intern.ts";
import { unknown } from "./expr/terms.ts";
import { branchValue, mergeValues } from "./merge.ts";
import { nameValue } from "./names.ts";
import { binary, compare, groundAnswer, truthOf, unary } from "./operators.ts";
import { State, type Entry } from "./state.ts";
import { subscript } from "./subscripts.ts";
import { callExpression } from "./calls.ts";
import { data, literal, SOME_TEXT, untold, type Condition, type Value } from "./value.ts";
import type { Walk } from "./walk.ts";

type Rules = { readonly [K in Expr["kind"]]?: (walk: Walk, node: ExprOf<K>, state: State) => Value };

const RULES: Rules = {
  Constant: (_, { literal: written }) => constantValue(written),
  Name: (walk, node, state) => nameValue(walk, node, state),
  Attribute: (walk, node, state) => {
    const of = walk.evaluate(node.value, state);
    return state.live ? getAttribute(walk, of, node.attr, { node, state }) : untold("nothing");
  },
  Call: callExpression,
  Compare: (walk, node, state) => data(comparison(walk, node, state).expr),
  BoolOp: junction,
  UnaryOp: unary,
  BinOp: (walk, node, state) => {
    const [left, right] = [walk.evaluate(node.left, state), walk.evaluate(node.right, state)];
    return state.live ? binary(walk, node.op, [left, right], { node, state }) : untold("nothing");
  },
  IfExp: (walk, node, state) => {
    const test = walk.condition(node.test, state);
    return branchValue(
      state,
      test.expr,
      (line) => walk.evaluate(node.body, line),
      (line) => walk.evaluate(node.orelse, line),
    );
  },
  NamedExpr: (walk, node, state) => {
    const value = walk.evaluate(node.value, state);
    walk.assign(node.target, value, state);
    return value;
  },
  JoinedStr: () => SOME_TEXT,
  FormattedValue: () => SOME_TEXT,
  List: (walk, node, state) => display(walk, node, "list", state),
  Tuple: (walk, node, state) => display(walk, node, "tuple", state),
  Set: (walk, node, state) => display(walk, node, "set", state),
  Dict: mapping,
  ListComp: comprehension,
  SetComp: comprehension,
  GeneratorExp: comprehension,
  DictComp: dictComprehension,
  Subscript: subscript,
  Lambda: (_, node, state) => ({
    kind: "lambda",
    node,
    closure: new Map([...(state.frame.closure ?? []), ...state.locals]),
  }),
};

/** What an expression stands for. */
export function evaluate(walk: Walk, expr: Expr, state: State): Value {
  if (!state.live) return untold("nothing");
  walk.recorder.meet(expr);
  const rule = RULES[expr.kind] as ((walk: Walk, node: Expr, state: State) => Value) | undefined;
  if (rule !== undefined) return rule(walk, expr, state);
  const what = `a ${expr.kind}`;
  walk.recorder.give(expr, what);
  return untold(what);
}

/** An expression as a condition. */
export function conditionOf(walk: Walk, expr: Expr, state: State): Condition {
  if (expr.kind === "Compare" && state.live) {
    walk.recorder.meet(expr);
    return comparison(walk, expr, state);
  }
  if (expr.kind === "BoolOp" || (expr.kind === "UnaryOp" && expr.op === "not")) {
    const value = walk.evaluate(expr, state);
    return { expr: condition(dataOf(value, state)), collects: [] };
  }
  return truthOf(walk.evaluate(expr, state), state);
}

function constantValue(written: Literal): Value {
  switch (written.type) {
    case "none":
      return literal(null);
    case "ellipsis":
    case "complex":
      return untold(`a ${written.type}`);
    case "int":
      return literal(Number.isSafeInteger(Number(written.value)) ? Number(written.value) : written.value);
    case "float":
      return literal({ type: "float", value: written.value });
    case "bytes":
      return literal({ type: "bytes", value: written.value });
    default:
      return literal(written.value);
  }
}

/** `a < b <= c`: each operand once, and the second comparison only where the first holds. */
function comparison(walk: Walk, node: ExprOf<"Compare">, state: State): Condition {
  const left = walk.evaluate(node.left, state);
  const [op, ...ops] = node.ops;
  const [next, ...rest] = node.comparators;
  if (op === undefined || next === undefined || !state.live) return { expr: FALSE, collects: [] };
  const right = walk.evaluate(next, state);
  if (!state.live) return { expr: FALSE, collects: [] };
  if (isForeign(left) || isForeign(right)) {
    const answer = groundAnswer(walk, node, nameOf(node), state);
    if (answer !== undefined) return truthOf(answer, state);
  }
  const first = compare(walk, op, [left, right], { node, state });
  if (ops.length === 0) return first;
  const conditions = [first.expr];
  let before = right;
  const line = state.fork();
  for (const [index, each] of ops.entries()) {
    const operand = rest[index];
    if (operand === undefined) continue;
    line.assume(conditions.at(-1) as Predicate);
    const value = walk.evaluate(operand, line);
    conditions.push(compare(walk, each, [before, value], { node, state: line }).expr);
    before = value;
  }
  return { expr: and(...conditions), collects: [] };
}

const isForeign = (value: Value): boolean => value.kind === "foreign" || value.kind === "opaque";

/** A name for a fact, made of the names in the expression. */
function nameOf(node: ExprOf<"Compare">): string {
  const words = [...everyNode(node)].flatMap((each) => {
    if (each.kind === "Constant") return "value" in each.literal ? [String(each.literal.value)] : [];
    if (each.kind === "Attribute" || each.kind === "Name") return [dottedName(each)];
    return each.kind === "Compare" ? [each.ops.join("")] : [];
  });
  return [...new Set(words)]
    .join("_")
    .replaceAll(/[\s"'\\]/g, "")
    .slice(0, 150);
}

/** `and` and `or` give operands; those after the first are walked only where it is reached. */
function junction(walk: Walk, node: ExprOf<"BoolOp">, state: State): Value {
  const [first, ...rest] = node.values;
  if (first === undefined) return untold("an empty junction");
  let value = walk.evaluate(first, state);
  const isAnd = node.op === "and";
  const parts: Value[] = [value];
  const base = state.fork();
  let line: State = state;
  const open: State[] = [];
  for (const each of rest) {
    const truth = truthOf(value, line);
    const next = line.fork();
    next.assume(isAnd ? truth.expr : not(truth.expr), isAnd ? truth.collects : []);
    open.push(line);
    line = next;
    if (line.path.some((item) => item.kind === "when" && item.expr === FALSE)) break;
    value = walk.evaluate(each, line);
    parts.push(value);
    if (!line.live) break;
  }
  settle(state, base, [line, open.length > 0]);
  return joined(parts, isAnd, state);
}

/** Names and objects that operands changed hold as if the last operand had been reached. */
function settle(state: State, base: State, [last, several]: readonly [State, boolean]): void {
  if (!several) return;
  const { path } = base;
  if (last.live) {
    state.heap = last.heap;
    for (const [name, value] of last.locals) if (base.locals.get(name) !== value) state.locals.set(name, value);
  }
  state.path = path;
}

function joined(parts: readonly Value[], isAnd: boolean, state: State): Value {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  if (parts.every(({ kind }) => kind === "data")) {
    const exprs = parts.map((part) => dataOf(part, state));
    return data(exprs.every(isCondition) ? (isAnd ? and : or)(...exprs) : mixedJunction(exprs, isAnd));
  }
  return parts.slice(0, -1).reduceRight<Value>(
    (rest, part) => {
      const truth = truthOf(part, state).expr;
      return isAnd
        ? mergeValues(truth, [rest, state], [part, state])
        : mergeValues(truth, [part, state], [rest, state]);
    },
    parts.at(-1) as Value,
  );
}

/** Operands that may be other values than True and False: constants decide, all others stay. */
function mixedJunction(exprs: readonly Predicate[], isAnd: boolean): Predicate {
  const kept: Predicate[] = [];
  for (const [index, expr] of exprs.entries()) {
    const truth = condition(expr);
    const isLast = index === exprs.length - 1;
    if (!isLast && truth === (isAnd ? TRUE : FALSE)) continue;
    kept.push(expr);
    if (truth === (isAnd ? FALSE : TRUE)) break;
  }
  const [only] = kept;
  if (only === undefined) return unknown("an empty junction");
  return kept.length === 1 ? only : intern({ op: isAnd ? "all" : "any", args: kept });
}

const CONDITIONS = /^(eq|ne|lt|le|gt|ge|is|isNot|type|exactType|isSet|in|notIn|not|every|some|raises|hasAttr|matches)$/;

function isCondition(expr: Predicate): boolean {
  if (expr === TRUE || expr === FALSE) return true;
  return expr.op === "all" || expr.op === "any" ? expr.args.every(isCondition) : CONDITIONS.test(expr.op);
}

function display(
  walk: Walk,
  node: ExprOf<"List" | "Tuple" | "Set">,
  type: "list" | "tuple" | "set",
  state: State,
): Value {
  const entries: Entry[] = [];
  let loose = false;
  for (const elt of node.elts) {
    if (elt.kind === "Starred") {
      walk.evaluate(elt.value, state);
      loose = true;
    } else entries.push({ path: [], key: null, value: walk.evaluate(elt, state), node: elt });
  }
  const id = walk.newId();
  state.heap.set(id, { kind: "container", type, entries, depth: state.path.length, loose });
  return { kind: "container", id };
}

function mapping(walk: Walk, node: ExprOf<"Dict">, state: State): Value {
  const entries: Entry[] = [];
  let loose = false;
  for (const [index, value] of node.values.entries()) {
    const key = node.keys[index] ?? null;
    const written = key === null ? null : walk.evaluate(key, state);
    const held = walk.evaluate(value, state);
    if (written === null) loose = true;
    else entries.push({ path: [], key: written, value: held, node: value });
  }
  const id = walk.newId();
  state.heap.set(id, { kind: "container", type: "dict", entries, depth: state.path.length, loose });
  return { kind: "container", id };
}
