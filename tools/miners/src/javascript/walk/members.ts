import { not, or } from "../../walk/expr/conditions.ts";
import { FALSE } from "../../walk/expr/intern.ts";
import { field, isSet } from "../../walk/expr/terms.ts";
import { methodOf, qualnameOf, type ClassInfo } from "../package-index.ts";
import type { Located, MethodNode } from "../syntax.ts";
import { isNull, propertyOf, UNDEFINED } from "./semantics.ts";
import { valueOfJson } from "./stand-ins.ts";
import type { HeapObject } from "./state.ts";
import { eachChoice, opaque, whether, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** A key of the user's options. */
export const option = (name: string): Value => ({
  kind: "data",
  expr: field(name),
  missing: not(isSet(name)),
  js: undefined,
});

/** `of.name`: null and undefined have no properties. */
export function member(walk: Walk, of: Value, name: string, [node, at]: readonly [Located, At]): Value {
  refuseNothing(walk, of, [node, at]);
  return eachChoice(of, (one) => property(walk, one, name, at));
}

/** A place that refuses null and undefined. */
export function refuseNothing(walk: Walk, of: Value, [node, { state, frame }]: readonly [Located, At]): void {
  const when = whether(of, (one) => (one.kind === "data" ? or(isNull(one)) : FALSE));
  if (when === FALSE) return;
  walk.recorder.refuse(
    {
      node,
      path: frame.module.path,
      qualname: frame.qualname,
      kind: "implicit",
      operator: node.type === "ObjectPattern" || node.type === "ArrayPattern" ? "unpack" : "attribute",
      exception: "TypeError",
      when,
      depth: walk.stack.length,
    },
    state.condition,
  );
}

/** Whether a value is null or undefined. */
export const isNothing = (value: Value): ReturnType<typeof not> =>
  whether(value, (one) => (one.kind === "data" ? isNull(one) : FALSE));

function property(walk: Walk, of: Value, name: string, at: At): Value {
  switch (of.kind) {
    case "data":
      return propertyOf(of, name);
    case "input":
      if (walk.given.has(name)) return opaque("what the recipe gives");
      return walk.keys.has(name) ? option(name) : UNDEFINED;
    case "object":
      return ofObject(walk, of, name, at);
    case "class":
      return ofClass(walk, of.cls, name, at);
    case "live":
      return ofLive(walk, `${of.path}.${name}`, at);
    case "foreign":
      return { kind: "foreign", name: `${of.name}.${name}` };
    case "native":
    case "opaque":
      return { kind: "native", name };
    default:
      return opaque(`a property of a ${of.kind}`);
  }
}

function ofLive(walk: Walk, path: string, at: At): Value {
  return Object.hasOwn(walk.stands, path) ? valueOfJson(walk, walk.stands[path], at) : { kind: "live", path };
}

function ofObject(walk: Walk, of: Value & { kind: "object" }, name: string, at: At): Value {
  const object = at.state.heap.get(of.id);
  if (object === undefined) return opaque("an object of another line");
  const own = ownProperty(walk, object, name, at);
  if (own !== undefined) return own;
  if (object.native !== undefined) return { kind: "native", name: `${object.native}.${name}` };
  return object.cls === undefined ? UNDEFINED : ofInstance(walk, [of, object.cls], name, at);
}

/** What stands in a literal, or in what is spread into it; undefined where no part says so. */
function ownProperty(walk: Walk, object: HeapObject, name: string, at: At): Value | undefined {
  const own = object.properties.get(name);
  if (own !== undefined) return own;
  const last = object.spread.at(-1);
  return last === undefined
    ? undefined
    : eachChoice(last, (one) => (one.kind === "data" ? propertyOf(one, name) : property(walk, one, name, at)));
}

function ofInstance(walk: Walk, [self, cls]: readonly [Value, ClassInfo], name: string, at: At): Value {
  const getter = methodOf(cls, name, ["get"]);
  if (getter !== undefined) return walk.invoke(asFunction(cls, getter, self), [], at);
  const method = methodOf(cls, name, ["method"]);
  return method === undefined ? UNDEFINED : asFunction(cls, method, self);
}

function ofClass(walk: Walk, cls: ClassInfo, name: string, at: At): Value {
  const method = methodOf(cls, name, ["method", "get"], true);
  if (method === undefined) return opaque(`the static ${name}`);
  const fn = asFunction(cls, method, { kind: "class", cls });
  return method.kind === "get" ? walk.invoke(fn, [], at) : fn;
}

/** A method with its object. */
export const asFunction = (cls: ClassInfo, node: MethodNode, self: Value): Value & { kind: "function" } => ({
  kind: "function",
  node,
  module: cls.module,
  scope: { names: new Map(), parent: undefined },
  self,
  owner: qualnameOf(node, cls.name).split(".")[0],
});

/** Puts a value into a property. */
export function setMember(of: Value, name: string, value: Value, { state }: At): void {
  if (of.kind !== "object") return;
  const object = state.heap.get(of.id);
  if (object !== undefined)
    state.heap.set(of.id, { ...object, properties: new Map([...object.properties, [name, value]]) });
}
