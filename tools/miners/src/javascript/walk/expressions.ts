import { not, or } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import { keyName, type Expression, type ExpressionOf, type Located } from "../syntax.ts";
import { isNothing, setMember } from "./members.ts";
import {
  alike,
  arithmetic,
  isDict,
  isList,
  NULL,
  number,
  open,
  ordered,
  same,
  sum,
  text,
  truth,
  typeIs,
  UNDEFINED,
} from "./semantics.ts";
import { State } from "./state.ts";
import { chosen, opaque, whether, type Value, type Scope } from "./value.ts";
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
  UpdateExpression: (walk, { argument }, at) => {
    walk.bind(argument, open("a count", "number"), at);
    return open("a count", "number");
  },
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

/** The variable of a name in the scopes around. */
function variableOf(name: string, innermost: Scope): number | undefined {
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.parent) {
    const id = scope.names.get(name);
    if (id !== undefined) return id;
  }
  return undefined;
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

type Member = ExpressionOf<"MemberExpression"> | ExpressionOf<"OptionalMemberExpression">;

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

function nameOf(walk: Walk, node: Member, at: At): string | undefined {
  const plain = keyName(node.property as never, node.computed);
  if (plain !== undefined || !node.computed) return plain;
  const key = walk.evaluate(node.property as Expression, at);
  if (key.kind !== "data" || !isConstant(key.expr)) return undefined;
  const { value } = key.expr;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
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
  const condition = walk.truth(walk.evaluate(test, at));
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

function unary(walk: Walk, { operator, argument }: ExpressionOf<"UnaryExpression">, at: At): Value {
  if (operator === "delete") return deletion(walk, argument as Expression, at);
  const of = walk.evaluate(argument as Expression, at);
  if (operator === "!") return truth(not(walk.truth(of)));
  if (operator === "typeof") return { kind: "typeof", of };
  if (operator === "void") return UNDEFINED;
  if (operator === "-") return arithmetic("-", number(0) as never, walk.dataOf(of));
  return open(`the operator ${operator}`, "number");
}

function deletion(walk: Walk, target: Expression, at: At): Value {
  if (target.type === "MemberExpression") {
    const name = nameOf(walk, target, at);
    if (name !== undefined) setMember(walk.evaluate(target.object as Expression, at), name, UNDEFINED, at);
  }
  return truth(TRUE);
}

const EQUALITY: Readonly<Record<string, readonly [strict: boolean, positive: boolean]>> = {
  "===": [true, true],
  "!==": [true, false],
  "==": [false, true],
  "!=": [false, false],
};

function binary(walk: Walk, { operator, left, right }: ExpressionOf<"BinaryExpression">, at: At): Value {
  const [a, b] = [walk.evaluate(left as Expression, at), walk.evaluate(right, at)];
  const equality = EQUALITY[operator];
  if (equality !== undefined) {
    const [strict, positive] = equality;
    const equal = equals(walk, [a, b], strict);
    return truth(positive ? equal : not(equal));
  }
  if (operator === "instanceof") return truth(isInstance(a, b, at));
  const [x, y] = [walk.dataOf(a), walk.dataOf(b)];
  if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=")
    return truth(ordered(operator, x, y));
  return operator === "+"
    ? sum(x, y)
    : operator === "in"
      ? open("whether a key is there", "boolean")
      : arithmetic(operator, x, y);
}

function equals(walk: Walk, [a, b]: readonly [Value, Value], strict: boolean): typeof TRUE {
  if (a.kind === "typeof") return whether(a.of, (one) => typeEquals(walk, one, b));
  return whether(a, (x) =>
    whether(b, (y) => {
      if (isThing(walk, x) || isThing(walk, y)) return thingEquals(walk, x, y);
      const [one, other] = [walk.dataOf(x), walk.dataOf(y)];
      return strict ? same(one, other) : alike(one, other);
    }),
  );
}

/** An object equals no data. */
const thingEquals = (walk: Walk, x: Value, y: Value): typeof TRUE =>
  isThing(walk, x) && isThing(walk, y) ? open("an equality of objects").expr : FALSE;

/** What certainly is no data. */
const isThing = (walk: Walk, value: Value): boolean =>
  /^(object|input|function|class)$/.test(value.kind) || (value.kind === "live" && walk.live.isThing(value.path));

function typeEquals(walk: Walk, of: Exclude<Value, { kind: "choice" }>, name: Value): typeof TRUE {
  if (name.kind !== "data" || !isConstant(name.expr) || typeof name.expr.value !== "string") return open("a type").expr;
  const wanted = name.expr.value;
  if (of.kind === "data") return typeIs(of, wanted);
  if (of.kind === "live" && !walk.live.isThing(of.path)) return typeIs(walk.dataOf(of), wanted);
  const type = TYPE_OF[of.kind];
  if (type === undefined) return open("the type of what only the run tells").expr;
  return wanted === type ? TRUE : FALSE;
}

const TYPE_OF: Readonly<Partial<Record<Value["kind"], string>>> = {
  object: "object",
  input: "object",
  function: "function",
  class: "function",
};

/** Plain data is an instance of no class of the engine. */
function isInstance(of: Value, cls: Value, { state }: At): typeof TRUE {
  const name = cls.kind === "foreign" ? cls.name : "";
  return whether(of, (one) => {
    if (one.kind === "object" && name === "Array") return state.heap.get(one.id)?.isList === true ? TRUE : FALSE;
    if (one.kind !== "data") return one.kind === "function" && name === "Function" ? TRUE : open("an instance").expr;
    if (name === "Array") return isList(one);
    return name === "Object" ? or(isList(one), isDict(one)) : FALSE;
  });
}

function assignment(walk: Walk, { operator, left, right }: ExpressionOf<"AssignmentExpression">, at: At): Value {
  if (operator === "=") {
    const value = walk.evaluate(right, at);
    assign(walk, left, value, at);
    return value;
  }
  const old = walk.evaluate(left as Expression, at);
  const added = walk.evaluate(right, at);
  const fresh =
    operator === "??="
      ? chosen(isNothing(old), added, old)
      : operator === "+="
        ? sum(walk.dataOf(old), walk.dataOf(added))
        : arithmetic(operator.slice(0, -1), walk.dataOf(old), walk.dataOf(added));
  assign(walk, left, fresh, at);
  return fresh;
}

function assign(walk: Walk, target: Located, value: Value, at: At): void {
  if (target.type !== "MemberExpression") {
    walk.bind(target, value, at);
    return;
  }
  const member = target as unknown as Member;
  const name = nameOf(walk, member, at);
  if (name !== undefined) setMember(walk.evaluate(member.object as Expression, at), name, value, at);
}
