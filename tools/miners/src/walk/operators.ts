import { list, type Expr as Predicate, type OperatorName } from "@lem/config/invariants";
import type { BinaryOperator, CompareOperator, ExprOf } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { equality, identity } from "./equality.ts";
import { membersOf } from "./enums.ts";
import { and, condition, isDifference, not, or } from "./expr/conditions.ts";
import { constant, FALSE, isConstant, TRUE } from "./expr/intern.ts";
import { apply, choose, isSet, itemsOf, textOf, unknown } from "./expr/terms.ts";
import { branchValue } from "./merge.ts";
import { isGround, kept, questionOf, settled } from "./names.ts";
import { raise, raiseOf } from "./raising.ts";
import { pathCondition, type Entry, type State } from "./state.ts";
import { ABSENT, data, SOME_TEXT, untold, type Collect, type Condition, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

const BINARY: Readonly<Partial<Record<BinaryOperator, OperatorName>>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "//": "floordiv",
  "%": "mod",
  "**": "pow",
};
const COMPARE: Readonly<Partial<Record<CompareOperator, OperatorName>>> = {
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "==": "eq",
  "!=": "ne",
};

/** `left op right`. */
export function binary(walk: Walk, op: BinaryOperator, [left, right]: readonly [Value, Value], at: At): Value {
  if (op === "+") {
    const joined = joinContainers(walk, left, right, at);
    if (joined !== undefined) return joined;
  }
  if (left.kind === "text" || right.kind === "text") return SOME_TEXT;
  if (op === "|" && isClass(left) && isClass(right)) return pair(walk, left, right, at);
  const name = BINARY[op];
  const operands = [dataOf(left, at.state), dataOf(right, at.state)] as const;
  if (name === undefined) return untold(`the operator ${op}`);
  if (op === "%" && textOf(operands[0]) !== undefined) return SOME_TEXT;
  const expr = apply(name, ...operands);
  if (!isDifference(expr)) raiseOf(walk, at, expr);
  return data(expr);
}

function joinContainers(walk: Walk, left: Value, right: Value, { state }: At): Value | undefined {
  if (left.kind !== "container" || right.kind !== "container") return undefined;
  const [a, b] = [state.record("container", left.id), state.record("container", right.id)];
  if (a === undefined || b === undefined || a.type !== b.type) return undefined;
  const id = walk.newId();
  state.heap.set(id, { ...a, entries: [...a.entries, ...b.entries], loose: a.loose || b.loose });
  return { kind: "container", id };
}

const isClass = ({ kind }: Value): boolean => kind === "class" || kind === "foreign" || kind === "container";

/** `A | B` of classes is as good as a tuple of them. */
function pair(walk: Walk, left: Value, right: Value, { state, node }: At): Value {
  const id = walk.newId();
  const entries = [left, right].map((value): Entry => ({ path: [], key: null, value, node }));
  state.heap.set(id, { kind: "container", type: "tuple", entries, depth: state.path.length, loose: false });
  return { kind: "container", id };
}

/** The truth of a value. */
export function truthOf(value: Value, state: State): Condition {
  switch (value.kind) {
    case "data":
      return plain(condition(value.expr));
    case "size":
      return { expr: condition(value.expr), collects: [] };
    case "choice": {
      const [yes, no] = [truthOf(value.yes, state), truthOf(value.no, state)];
      return plain(condition(choose(value.test, yes.expr, no.expr)));
    }
    case "container":
      return containerTruth(value.id, state);
    case "member":
      return plain(value.mixed ? condition(value.value) : TRUE);
    case "keywords":
    case "given":
      return plain(unknown("whether other keywords are given"));
    case "absent":
      return plain(FALSE);
    case "foreign":
      return plain(condition(dataOf(value, state)));
    default:
      return plain(TRUE);
  }
}

const plain = (expr: Predicate): Condition => ({ expr, collects: [] });

function containerTruth(id: number, state: State): Condition {
  const record = state.record("container", id);
  if (record === undefined || record.loose) return plain(unknown("a container of unknown entries"));
  const collects = collectsOf(record.entries);
  return { expr: or(...collects.map(({ when }) => when)), collects };
}

/** When each entry is there, as far back as the container reaches. */
export const collectsOf = (entries: readonly Entry[]): readonly Collect[] =>
  entries.map(({ node, path }) => ({ node, when: pathCondition(path) }));

/** One comparison of a chain. */
export function compare(walk: Walk, op: CompareOperator, given: readonly [Value, Value], at: At): Condition {
  const { state } = at;
  const [left, right] = [kept(walk, given[0]), kept(walk, given[1])];
  if (isMixed(left)) return spread(walk, op, [left, right], [left, true, at]);
  if (isMixed(right)) return spread(walk, op, [left, right], [right, false, at]);
  const tested = tests(walk, op, [left, right], at) ?? ofSize(op, left, right);
  if (tested !== undefined) return tested;
  const expr = apply(COMPARE[op] ?? "eq", dataOf(left, state), dataOf(right, state));
  raiseOf(walk, at, expr);
  return plain(expr);
}

/** Identity, membership and equality, which look at more than data. */
function tests(walk: Walk, op: CompareOperator, [left, right]: readonly [Value, Value], at: At): Condition | undefined {
  switch (op) {
    case "is":
      return plain(identity(left, right, at.state));
    case "is not":
      return plain(not(identity(left, right, at.state)));
    case "in":
      return plain(membership(walk, left, right, at));
    case "not in":
      return plain(not(membership(walk, left, right, at)));
    case "==":
      return plain(equality(left, right, at.state));
    case "!=":
      return plain(not(equality(left, right, at.state)));
    default:
      return undefined;
  }
}

type Choice = Extract<Value, { kind: "choice" }>;

const isMixed = (value: Value): value is Choice => value.kind === "choice" && isStructured(value);

/** A choice between values that have no form as data is compared branch by branch. */
const isStructured = (value: Value): boolean =>
  value.kind === "choice" ? isStructured(value.yes) || isStructured(value.no) : value.kind !== "data";

function spread(
  walk: Walk,
  op: CompareOperator,
  [left, right]: readonly [Value, Value],
  [value, isLeft, at]: readonly [Choice, boolean, At],
): Condition {
  const side = (branch: Value) => (state: State) =>
    data(compare(walk, op, isLeft ? [branch, right] : [left, branch], { ...at, state }).expr);
  const merged = branchValue(at.state, value.test, side(value.yes), side(value.no));
  return plain(condition(dataOf(merged, at.state)));
}

/** `len(entries) > 0` and its like say whether there is an entry. */
function ofSize(op: CompareOperator, left: Value, right: Value): Condition | undefined {
  if (left.kind !== "size" || right.kind !== "data" || !isConstant(right.expr)) return undefined;
  const bound = right.expr.value;
  const isAny = (op === ">" && bound === 0) || (op === ">=" && bound === 1);
  if (!isAny) return undefined;
  return { expr: or(...left.collects.map(({ when }) => when)), collects: left.collects };
}

function membership(walk: Walk, needle: Value, container: Value, at: At): Predicate {
  const { state } = at;
  const presence = container.kind === "given" ? container.presence : presenceIn(container, state);
  if (presence !== undefined) {
    const name = textOf(dataOf(needle, state));
    return name === undefined ? unknown("a keyword by name") : (presence.get(name) ?? isSet(name));
  }
  if (container.kind === "container") return inContainer(needle, container.id, at);
  const names = memberNames(walk, container);
  if (names !== undefined) return apply("in", dataOf(needle, state), constant(list(names)));
  if (container.kind === "class") {
    const members = membersOf(walk, container.cls);
    return or(...members.map((member) => equality(needle, member, state)));
  }
  const [value, items] = [dataOf(needle, state), dataOf(container, state)];
  const expr = apply("in", value, items);
  raiseOf(walk, at, expr);
  return expr;
}

/** `Enum.__members__` holds names. */
const memberNames = (walk: Walk, of: Value): readonly string[] | undefined =>
  of.kind === "method" && of.name === "__members__" && of.of.kind === "class"
    ? membersOf(walk, of.of.cls).map(({ name }) => name)
    : undefined;

const presenceIn = (value: Value, state: State): ReadonlyMap<string, Predicate> | undefined =>
  value.kind === "keywords" ? state.record("keywords", value.id)?.presence : undefined;

/** Entries that are members of an Enum, or conditional ones, are compared one by one. */
function inContainer(needle: Value, id: number, at: At): Predicate {
  const { state } = at;
  const record = state.record("container", id);
  if (record === undefined || record.loose) return unknown("a container of unknown entries");
  const expr = dataOf({ kind: "container", id }, state);
  const known = itemsOf(expr);
  if (known !== undefined && record.type !== "dict" && needle.kind === "data") return apply("in", needle.expr, expr);
  const parts = record.entries.map(({ key, value, path }) =>
    and(pathCondition(path), equality(needle, key ?? value, state)),
  );
  return or(...parts);
}

/** `not value` and `-value`. */
export function unary(walk: Walk, node: ExprOf<"UnaryOp">, state: State): Value {
  if (node.op === "not") return data(not(walk.condition(node.operand, state).expr));
  const operand = dataOf(walk.evaluate(node.operand, state), state);
  if (node.op === "~") return untold("the operator ~");
  const expr = node.op === "-" ? apply("neg", operand) : operand;
  raiseOf(walk, { node, state }, expr);
  return data(expr);
}

/** A comparison with values of other packages alone is the installed engine's to answer. */
export function groundAnswer(
  walk: Walk,
  node: ExprOf<"Compare" | "Call" | "Attribute">,
  name: string,
  state: State,
): Value | undefined {
  if (!isGround(node, state)) return undefined;
  const answer = settled(walk, { kind: "foreign", name, question: questionOf(node, state) });
  if (!("raises" in answer)) return answer.kind === "foreign" ? undefined : answer;
  raise(walk, { node, state }, { exception: answer.raises, kind: "implicit" });
  return ABSENT;
}
