import { not } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import { keyName, type Expression, type ExpressionOf } from "../syntax.ts";
import { assignment, update } from "./assignments.ts";
import { isNothing } from "./members.ts";
import { nameOf, variableOf, type Member } from "./names.ts";
import { binary, unary } from "./operators.ts";
import { NULL, number, open, text, truth, UNDEFINED } from "./semantics.ts";
import { State } from "./state.ts";
import { chosen, opaque, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

type Reader<Kind extends Expression["type"]> = (walk: Walk, node: ExpressionOf<Kind>, at: At) => Value;

const READERS: { readonly [Kind in Expression["type"]]?: Reader<Kind> } = {
  Identifier: (walk, { name }, at) => named(walk, name, at),
  ThisExpression: (_, __, { frame }) => frame.self ?? opaque("this"),
  NullLiteral: () => NULL,
  NumericLiteral: (_, { value }) => number(value),
  StringLiteral: (_, { value }) => text(value),
  BooleanLiteral: (_, { value }) => truth(value ? TRUE : FALSE),
  TemplateLiteral: (walk, { expressions }, at) => {
    for (const each of expressions) walk.evaluate(each as Expression, at);
    return open("a text with values in it", "string");
  },
  ArrayExpression: arrayOf,
  ObjectExpression: objectOf,
  FunctionExpression: closure,
  ArrowFunctionExpression: closure,
  MemberExpression: memberOf,
  OptionalMemberExpression: memberOf,
  CallExpression: callOf,
  OptionalCallExpression: callOf,
  NewExpression: newOf,
  ConditionalExpression: conditional,
  LogicalExpression: logical,
  BinaryExpression: binary,
  UnaryExpression: unary,
  UpdateExpression: update,
  AssignmentExpression: assignment,
  AwaitExpression: (walk, { argument }, at) => walk.evaluate(argument, at),
  YieldExpression: (walk, { argument }, at) => {
    if (argument) walk.evaluate(argument, at);
    return opaque("what a caller gives back");
  },
  ParenthesizedExpression: (walk, { expression }, at) => walk.evaluate(expression, at),
  SequenceExpression: (walk, { expressions }, at) =>
    expressions.map((each) => walk.evaluate(each, at)).at(-1) ?? UNDEFINED,
};

/** What an expression comes to. */
export function evaluate(walk: Walk, node: Expression, at: At): Value {
  walk.budget -= 1;
  if (walk.budget <= 0) return opaque("a walk that is too long");
  const read = READERS[node.type] as ((walk: Walk, node: Expression, at: At) => Value) | undefined;
  return read?.(walk, node, at) ?? opaque(node.type);
}

function named(walk: Walk, name: string, { state, frame }: At): Value {
  if (name === "undefined") return UNDEFINED;
  if (name === "Infinity" || name === "NaN") return number(Number(name));
  const id = variableOf(name, frame.scope);
  return id === undefined ? ofModule(walk, name, { state, frame }) : (state.variables.get(id) ?? UNDEFINED);
}

function ofModule(walk: Walk, name: string, { state, frame }: At): Value {
  const found = frame.module.find(name);
  switch (found?.kind) {
    case "class":
      return { kind: "class", cls: found.cls };
    case "function":
      return { ...found, scope: { names: new Map(), parent: undefined }, self: undefined, owner: undefined };
    case "constant":
      return constantOf(walk, found, { state, frame });
    default:
      return { kind: "foreign", name: found?.name ?? name };
  }
}

/** A constant of a module, with its module's own names in sight. */
function constantOf(
  walk: Walk,
  { init, module }: { readonly init: Expression; readonly module: At["frame"]["module"] },
  { state, frame }: At,
): Value {
  if (walk.budget <= 0) return opaque("a walk that is too long");
  const scope = { names: new Map<string, number>(), parent: undefined };
  return walk.evaluate(init, { state, frame: { ...frame, module, scope, self: undefined } });
}

function closure(
  _: Walk,
  node: ExpressionOf<"FunctionExpression"> | ExpressionOf<"ArrowFunctionExpression">,
  { frame }: At,
): Value {
  const self = node.type === "ArrowFunctionExpression" ? frame.self : undefined;
  return { kind: "function", node, module: frame.module, scope: frame.scope, self, owner: undefined };
}

function arrayOf(walk: Walk, { elements }: ExpressionOf<"ArrayExpression">, at: At): Value {
  if (elements.some((each) => each?.type === "SpreadElement")) return opaque("a list of others");
  const items = elements.map(
    (each, place) => [String(place), each === null ? UNDEFINED : walk.evaluate(each as Expression, at)] as const,
  );
  return walk.newObject(at, { isList: true, properties: new Map([...items, ["length", number(items.length)]]) });
}

function objectOf(walk: Walk, { properties }: ExpressionOf<"ObjectExpression">, at: At): Value {
  const made = new Map<string, Value>();
  const spread: Value[] = [];
  for (const each of properties) {
    if (each.type === "SpreadElement") {
      const from = walk.evaluate(each.argument, at);
      if (made.size > 0) return opaque("an object with others spread over it");
      spread.push(from);
      continue;
    }
    const name = keyName(each.key, each.computed);
    if (name === undefined) continue;
    const value: Value =
      each.type === "ObjectMethod"
        ? {
            kind: "function",
            node: each,
            module: at.frame.module,
            scope: at.frame.scope,
            self: undefined,
            owner: undefined,
          }
        : walk.evaluate(each.value as Expression, at);
    made.set(name, value);
  }
  return walk.newObject(at, { properties: made, spread });
}

function memberOf(walk: Walk, node: Member, at: At): Value {
  const of = walk.evaluate(node.object as Expression, at);
  if (!isInChain(node)) return read(walk, of, node, at);
  const nothing = isNothing(of);
  return chosen(
    nothing,
    UNDEFINED,
    read(walk, node.type === "OptionalMemberExpression" && node.optional ? something(of) : of, node, at),
  );
}

/** A part of a chain with `?.` in it: where something before is missing, all of it is. */
const isInChain = (node: Member): boolean => node.type === "OptionalMemberExpression";

/** A value where it is neither null nor undefined. */
function something(of: Value): Value {
  if (of.kind === "choice") return { ...of, yes: something(of.yes), no: something(of.no) };
  if (of.kind !== "data") return of;
  return isConstant(of.expr) && of.expr.value === null ? opaque("nothing") : { ...of, missing: FALSE };
}

function read(walk: Walk, of: Value, node: Member, at: At): Value {
  const name = nameOf(walk, node, at);
  if (name === undefined) return opaque("a property that only the run tells");
  const isGuarded = node.type === "OptionalMemberExpression";
  if (!isGuarded) return walk.member(of, name, node, at);
  walk.recorder.caught += 1;
  const value = walk.member(of, name, node, at);
  walk.recorder.caught -= 1;
  return value;
}

type Call = ExpressionOf<"CallExpression"> | ExpressionOf<"OptionalCallExpression">;

function callOf(walk: Walk, node: Call, at: At): Value {
  const callee = walk.evaluate(node.callee as Expression, at);
  const called = walk.call(callee, argumentsOf(walk, node.arguments, at), node, at);
  return node.type === "OptionalCallExpression" ? chosen(isNothing(callee), UNDEFINED, called) : called;
}

function argumentsOf(walk: Walk, args: readonly { readonly type: string }[], at: At): readonly Value[] {
  return args.map((each) =>
    each.type === "SpreadElement" ? opaque("more arguments") : walk.evaluate(each as Expression, at),
  );
}

function newOf(walk: Walk, node: ExpressionOf<"NewExpression">, at: At): Value {
  const callee = walk.evaluate(node.callee as Expression, at);
  const args = argumentsOf(walk, node.arguments, at);
  if (callee.kind === "class") return walk.construct(callee.cls, args, at);
  if (callee.kind === "foreign") return walk.call(callee, args, node, at);
  const name = callee.kind === "live" ? callee.path : callee.kind === "native" ? callee.name : "";
  const cls = name.split(".").at(-1) ?? "";
  walk.call({ kind: "native", name: `${cls}.constructor` }, args, node, at);
  return walk.newObject(at, { native: cls });
}

/** Runs work on a line on which a condition holds. */
function onLine(walk: Walk, test: typeof TRUE, work: (at: At) => Value, at: At): Value {
  if (test === FALSE) return opaque("never");
  const state = new State(at.state, test);
  const value = work({ state, frame: at.frame });
  for (const [id, held] of state.variables) if (!at.state.variables.has(id)) at.state.variables.set(id, held);
  for (const [id, held] of state.heap) if (!at.state.heap.has(id)) at.state.heap.set(id, held);
  return value;
}

function conditional(
  walk: Walk,
  { test, consequent, alternate }: ExpressionOf<"ConditionalExpression">,
  at: At,
): Value {
  const condition = at.state.known(walk.truth(walk.evaluate(test, at)));
  const yes = onLine(walk, condition, (inner) => walk.evaluate(consequent, inner), at);
  const no = onLine(walk, not(condition), (inner) => walk.evaluate(alternate, inner), at);
  return chosen(condition, yes, no);
}

function logical(walk: Walk, { operator, left, right }: ExpressionOf<"LogicalExpression">, at: At): Value {
  const first = walk.evaluate(left as Expression, at);
  const holds = operator === "??" ? isNothing(first) : walk.truth(first);
  const goesOn = operator === "||" ? not(holds) : holds;
  const second = onLine(walk, goesOn, (inner) => walk.evaluate(right, inner), at);
  return chosen(goesOn, second, operator === "??" ? something(first) : first);
}
