import { encodeValue } from "@lem/config/invariants";
import { functionInfo } from "../modules/bindings.ts";
import type { ClassInfo, FunctionInfo } from "../modules/definitions.ts";
import type { Expr, ExprOf, Keyword } from "../syntax/expressions.ts";
import { isWithin } from "../graph/reach.ts";
import { isLoudLog } from "../graph/log-call.ts";
import { lastName } from "../modules/bindings.ts";
import { bindArguments } from "./arguments.ts";
import { builtin } from "./builtins.ts";
import { isComprehension, folded } from "./comprehensions.ts";
import { dataOf } from "./data.ts";
import { isEnum, memberByValue } from "./enums.ts";
import { itemsOf } from "./expr/terms.ts";
import { branchValue, gather } from "./merge.ts";
import { callMethod } from "./methods.ts";
import { groundAnswer } from "./operators.ts";
import type { CallFrame, State } from "./state.ts";
import { data, NO_VALUE, untold, type Value } from "./value.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** Calls inside calls are followed so far. */
const MAX_DEPTH = 7;

const QUIET_LOG = /^(debug|info|debug_once|info_once|log)$/;
const LOGGER = /log(ger|ging)?$/i;

/** A call as written. */
export function callExpression(walk: Walk, node: ExprOf<"Call">, state: State): Value {
  if (isSaid(walk, node, state)) return NO_VALUE;
  const { func, args } = node;
  const [first] = args;
  if (func.kind === "Name" && /^(any|all|sum)$/.test(func.id) && args.length === 1 && isComprehension(first)) {
    walk.recorder.meet(first);
    return folded(walk, func.id as "any" | "all" | "sum", first, state);
  }
  if (func.kind === "Name" && func.id === "super") return superOf(walk, state);
  const callee = walk.evaluate(func, state);
  if (!state.live) return untold("nothing");
  const values = walk.argumentsOf(args, node.keywords, state);
  return state.live ? walk.call(callee, values, { node, state }) : untold("nothing");
}

/** Warnings and log records: their words are not walked, since only the record itself matters. */
function isSaid(walk: Walk, node: ExprOf<"Call">, state: State): boolean {
  const site = walk.survey.sites.get(node)?.find(({ kind }) => kind === "log" || kind === "warning");
  if (site !== undefined) {
    walk.recorder.warn(node, site.kind as "log" | "warning", state.path);
    return true;
  }
  const { func } = node;
  if (func.kind !== "Attribute") return false;
  const isLogger = LOGGER.test(lastName(func.value) ?? "");
  return isLogger && (QUIET_LOG.test(func.attr) || isLoudLog(node, undefined));
}

function superOf(walk: Walk, state: State): Value {
  const { owner, fn } = state.frame;
  const receiver = state.locals.get(fn?.node.params[0]?.name ?? "");
  if (owner === null || receiver === undefined) return untold("super()");
  const cls =
    receiver.kind === "object"
      ? state.record("object", receiver.id)?.cls
      : receiver.kind === "class"
        ? receiver.cls
        : undefined;
  return cls === undefined ? untold("super()") : { kind: "super", self: receiver, cls, after: owner };
}

/** Arguments of a call, evaluated from left to right. */
export function argumentsOf(walk: Walk, args: readonly Expr[], keywords: readonly Keyword[], state: State): Arguments {
  const positional: Value[] = [];
  let open = false;
  for (const arg of args) {
    const value = walk.evaluate(arg.kind === "Starred" ? arg.value : arg, state);
    if (arg.kind !== "Starred") {
      positional.push(value);
      continue;
    }
    const items = itemsOf(dataOf(value, state));
    if (items === undefined) open = true;
    else positional.push(...items.map(data));
  }
  const named = new Map<string, Value>();
  const spread: Value[] = [];
  for (const { name, value } of keywords) {
    const found = walk.evaluate(value, state);
    if (name === null) spread.push(found);
    else named.set(name, found);
  }
  return { positional, named, spread, open };
}

/** Calls a value. */
export function call(walk: Walk, callee: Value, args: Arguments, at: At): Value {
  const { state } = at;
  switch (callee.kind) {
    case "choice":
      return branchValue(
        state,
        callee.test,
        (line) => call(walk, callee.yes, args, { ...at, state: line }),
        (line) => call(walk, callee.no, args, { ...at, state: line }),
      );
    case "class":
      return classCall(walk, callee.cls, args, at);
    case "function":
      return inlined(walk, callee.info, args, { at, closure: callee.closure });
    case "bound":
      return inlined(
        walk,
        callee.info,
        { ...args, positional: [callee.self, ...args.positional] },
        { at, closure: null },
      );
    case "lambda":
      return lambdaCall(walk, callee, args, at);
    case "method":
      return callMethod(walk, callee, args, at);
    case "foreign":
      return foreignCall(walk, callee, args, at);
    case "data":
      return callData(walk, callee, args, at);
    default:
      return unfollowed(walk, `a call of a ${callee.kind}`, at);
  }
}

function unfollowed(walk: Walk, what: string, { node }: At): Value {
  walk.recorder.give(node, what);
  return untold(what);
}

/** A method of the user's own value: `x.lower()`. Anything else that the user gives is not called by name. */
function callData(walk: Walk, callee: Extract<Value, { kind: "data" }>, args: Arguments, at: At): Value {
  const { expr } = callee;
  if (expr.op === "attr") return callMethod(walk, { kind: "method", of: data(expr.of), name: expr.name }, args, at);
  return unfollowed(walk, expr.op === "unknown" ? expr.what : "a call of the user's value", at);
}

function classCall(walk: Walk, cls: ClassInfo, args: Arguments, at: At): Value {
  const [first] = args.positional;
  if (isEnum(walk, cls) && first !== undefined) return memberByValue(walk, cls, first, at);
  return walk.construct(cls, args, at);
}

function foreignCall(walk: Walk, callee: Extract<Value, { kind: "foreign" }>, args: Arguments, at: At): Value {
  const known = builtin(walk, callee.name, args, at);
  if (known !== undefined) return known;
  const { node, state } = at;
  if (node.kind === "Call") {
    const answer = groundAnswer(walk, node, factName(callee.name, args, state), state);
    if (answer !== undefined) return answer;
  }
  return unfollowed(walk, `a call of ${callee.name}`, at);
}

interface Inlining {
  readonly at: At;
  readonly closure: ReadonlyMap<string, Value> | null;
}

/** Walks a function of the package in place of its call. */
export function inlined(walk: Walk, info: FunctionInfo, args: Arguments, { at, closure }: Inlining): Value {
  const { state, node } = at;
  const { frame } = state;
  const name = `${info.path}:${info.qualname}`;
  const module = walk.survey.index.module(info.module);
  if (module === undefined || frame.depth >= MAX_DEPTH || frame.callers.includes(name))
    return unfollowed(walk, `a call of ${info.node.name}, too deep`, at);
  if (node.kind === "Call" && info.owner === null && args.positional.every(({ kind }) => kind === "data")) {
    const answer = groundAnswer(walk, node, factName(`${info.module}.${info.node.name}`, args, state), state);
    if (answer !== undefined) return answer;
  }
  if (!isWithin(info.path, walk.within)) return unfollowed(walk, `a call of ${info.node.name}`, at);
  if (info.node.isAsync || info.node.decorators.some(isWrapper))
    return unfollowed(walk, `a call of ${info.node.name}, wrapped`, at);
  walk.recorder.enter(info.path, info.qualname);
  const inner: CallFrame = {
    fn: info,
    module,
    owner: ownerOf(walk, info),
    closure,
    depth: frame.depth + 1,
    callers: [...frame.callers, name],
    returns: [],
    loops: [],
  };
  const line = state.entering(inner);
  bindArguments(walk, { params: info.node.params, args, home: { module, owner: inner.owner } }, { ...at, state: line });
  return finished(walk, line, [state, () => walk.run(info.node.body, line)]);
}

/** A fact is named by the call that tells it. */
function factName(callee: string, { positional, named }: Arguments, state: State): string {
  const word = (value: Value): string => {
    const expr = dataOf(value, state);
    return expr.op === "const" ? JSON.stringify(encodeValue(expr.value)) : "_";
  };
  const words = [...positional.map(word), ...[...named].map(([name, value]) => `${name}=${word(value)}`)];
  return `${callee}(${words.join(",")})`.replaceAll(/["\\]/g, "").replaceAll(/[\s']/g, "_");
}

const PLAIN_DECORATORS =
  /^(property|staticmethod|classmethod|cached_property|abstractmethod|override|setter|getter|lru_cache|cache|wraps|contextmanager)$/;

function isWrapper(decorator: Expr): boolean {
  return !PLAIN_DECORATORS.test(lastName(decorator) ?? "") && !/valid|deprecat/.test(lastName(decorator) ?? "");
}

function ownerOf(walk: Walk, info: FunctionInfo): ClassInfo | null {
  const found = info.owner === null ? undefined : walk.survey.index.find(`${info.module}.${info.owner}`);
  return found?.kind === "class" ? found : null;
}

/** Runs a body and brings its returns together, seen from the caller. */
function finished(walk: Walk, line: State, [state, body]: readonly [State, () => void]): Value {
  const departures = walk.departures;
  const base = line.path;
  if (line.live) body();
  const exits = [...line.frame.returns];
  if (line.live) exits.push({ state: line, value: NO_VALUE });
  if (exits.length === 0) {
    state.status = line.status === "left" && walk.departures > departures ? "left" : "raised";
    return untold("nothing");
  }
  const merged = line.fork();
  const value = gather(merged, base, exits, walk.departures === departures);
  state.heap = merged.heap;
  state.path = merged.path;
  state.sound = merged.sound;
  return value;
}

function lambdaCall(walk: Walk, { node, closure }: Extract<Value, { kind: "lambda" }>, args: Arguments, at: At): Value {
  const { state } = at;
  const { frame } = state;
  if (frame.depth >= MAX_DEPTH) return unfollowed(walk, "a lambda, too deep", at);
  const line = state.entering({ ...frame, closure, depth: frame.depth + 1, returns: [], loops: [] });
  bindArguments(
    walk,
    { params: node.params, args, home: { module: frame.module, owner: frame.owner } },
    { ...at, state: line },
  );
  const value = walk.evaluate(node.body, line);
  state.heap = line.heap;
  state.status = line.status;
  return value;
}

/** A function that a statement inside a function defines. */
export function nestedFunction(
  walk: Walk,
  node: Extract<FunctionInfo["node"], { kind: "FunctionDef" }>,
  state: State,
): Value {
  const { module, fn } = state.frame;
  const prefix = fn === null ? "" : `${fn.qualname}.<locals>.`;
  const info = functionInfo(node, { module: module.name, path: module.path, package: "", prefix, owner: null });
  return { kind: "function", info, closure: new Map([...(state.frame.closure ?? []), ...state.locals]) };
}
