import { and } from "../../walk/expr/conditions.ts";
import { FALSE } from "../../walk/expr/intern.ts";
import { methodOf, qualnameOf, type ClassInfo } from "../package-index.ts";
import type { FunctionNode, Located, Statement } from "../syntax.ts";
import { callForeign } from "./foreign.ts";
import { asFunction, setMember } from "./members.ts";
import { callNative } from "./native-calls.ts";
import { UNDEFINED } from "./semantics.ts";
import { valueOfJson } from "./stand-ins.ts";
import { chosen, eachChoice, opaque, type FunctionValue, type Value, type Scope } from "./value.ts";
import type { At, Frame, Returned, Walk } from "./walk.ts";

const MOST_CALLS = 24;

/** A call of whatever a value may be. */
export function call(walk: Walk, callee: Value, args: readonly Value[], [node, at]: readonly [Located, At]): Value {
  return eachChoice(callee, (one) => callOne(walk, one, args, [node, at]));
}

function callOne(walk: Walk, callee: Value, args: readonly Value[], [node, at]: readonly [Located, At]): Value {
  switch (callee.kind) {
    case "function":
      return invoke(walk, callee, args, at);
    case "foreign":
      return callForeign(walk, callee.name, args, [node, at]);
    case "native":
    case "live":
      return callUnknown(walk, callee, args, [node, at]);
    default:
      return callbacks(walk, args, at);
  }
}

/** A method of an object whose class the program does not say: the only one of its name, or one of a native class. */
function callUnknown(
  walk: Walk,
  callee: Value & { kind: "native" | "live" },
  args: readonly Value[],
  [node, at]: readonly [Located, At],
): Value {
  const parts = (callee.kind === "live" ? callee.path : callee.name).split(".");
  const name = parts.at(-1) ?? "";
  if (Object.hasOwn(walk.stands, name)) return valueOfJson(walk, walk.stands[name], at);
  const isOfNative = callee.kind === "native" && parts.length > 1;
  const found = isOfNative ? undefined : walk.index.onlyMethod(name);
  if (found !== undefined) {
    const self: Value =
      callee.kind === "live"
        ? { kind: "live", path: parts.slice(0, -1).join(".") }
        : opaque("an object of the package");
    return invoke(walk, asFunction(found.cls, found.node, self), args, at);
  }
  callNative(walk, callee.kind === "native" ? callee.name : name, args, [node, at]);
  return callbacks(walk, args, at);
}

/** A function that is not looked into calls those that it is given, and mostly gives what the last one gives. */
export function callbacks(walk: Walk, args: readonly Value[], at: At): Value {
  let result: Value = opaque("what another program gives");
  for (const arg of args)
    result = eachChoice(arg, (one) => (one.kind === "function" ? invoke(walk, one, [], at) : result));
  return result;
}

/** Walks a function of the package. */
export function invoke(walk: Walk, fn: FunctionValue, args: readonly Value[], at: At): Value {
  const { node, module } = fn;
  const qualname = qualnameOf(node, fn.owner);
  const name = qualname.split(".").at(-1) ?? "";
  if (Object.hasOwn(walk.stands, name)) return valueOfJson(walk, walk.stands[name], at);
  if (walk.stack.includes(node) || walk.stack.length >= MOST_CALLS || walk.budget <= 0) return opaque("a deeper call");
  const scope: Scope = { names: new Map(), parent: fn.scope };
  const frame: Frame = {
    module,
    qualname: qualname === "" ? at.frame.qualname : qualname,
    owner: fn.owner,
    self: fn.self,
    scope,
    returned: [],
    since: at.state.path.length,
  };
  walk.recorder.enter(module.path, frame.qualname);
  walk.stack.push(node);
  const result = bodyOf(walk, node, args, { state: at.state, frame });
  walk.stack.pop();
  return result;
}

function bodyOf(walk: Walk, node: FunctionNode, args: readonly Value[], at: At): Value {
  const { state, frame } = at;
  for (const [place, param] of node.params.entries()) {
    const rest = param.type === "RestElement";
    walk.bind(param, rest ? opaque("the rest of the arguments") : (args[place] ?? UNDEFINED), at);
  }
  if (node.body.type !== "BlockStatement") return walk.evaluate(node.body, at);
  const before = state.path;
  walk.run(node.body.body as readonly Statement[], at);
  const isThrown = state.departed === "thrown" && frame.returned.length === 0;
  const falls = state.departed === undefined;
  if (!isThrown) state.departed = undefined;
  state.path = before;
  return node.generator === true ? opaque("an iterator") : resultOf(frame.returned, falls);
}

/** What a function gives; where its end is never reached, its last `return` is what is left. */
function resultOf(returned: readonly Returned[], falls: boolean): Value {
  const last = falls ? undefined : returned.at(-1);
  const others = last === undefined ? returned : returned.slice(0, -1);
  return others.reduceRight<Value>((rest, { when, value }) => chosen(when, value, rest), last?.value ?? UNDEFINED);
}

/** `new cls(...)`. */
export function construct(walk: Walk, cls: ClassInfo, args: readonly Value[], at: At): Value {
  const made = walk.newObject(at, { cls });
  if (walk.stack.length >= MOST_CALLS) return made;
  for (const each of cls.node.body.body) {
    if (each.type !== "ClassProperty" || each.static || !each.value || each.key.type !== "Identifier") continue;
    const scope: Scope = { names: new Map(), parent: undefined };
    const frame: Frame = { ...at.frame, module: cls.module, self: made, scope, owner: cls.name };
    setMember(made, each.key.name, walk.evaluate(each.value, { state: at.state, frame }), at);
  }
  const own = methodOf(cls, "constructor", ["constructor"]);
  if (own !== undefined) invoke(walk, asFunction(cls, own, made), args, at);
  return made;
}

/** The condition under which a line of a function is left that began at a point of its path. */
export const since = ({ state, frame }: At): ReturnType<typeof and> => {
  const parts = state.path.slice(frame.since);
  return parts.includes(FALSE) ? FALSE : and(...parts);
};
