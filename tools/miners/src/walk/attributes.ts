import { decodeValue, encodeValue, list, type Expr as Predicate } from "@lem/config/invariants";
import { keyOf } from "../modules/class-order.ts";
import type { ClassInfo, FunctionInfo } from "../modules/definitions.ts";
import { dataOf, objectOf } from "./data.ts";
import { memberAttribute } from "./enums.ts";
import { and, not, or } from "./expr/conditions.ts";
import { constant, FALSE, intern, TRUE } from "./expr/intern.ts";
import { membersFact } from "./expr/kinds.ts";
import { attribute, choose, field, isSet, member } from "./expr/terms.ts";
import { branch, branchValue, mergeValues } from "./merge.ts";
import { isKnownMethod } from "./method-owners.ts";
import { classMember, definitionValue, foreign, settled } from "./names.ts";
import { raise, raiseOf } from "./raising.ts";
import { pathCondition, type HeapRecord, type State } from "./state.ts";
import { ABSENT, classNameOf, data, literal, untold, type Value, type ValueOf } from "./value.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** `of.name`, with the place of its AttributeError where that can happen. */
export function getAttribute(walk: Walk, of: Value, name: string, at: At): Value {
  switch (of.kind) {
    case "choice":
      return branchValue(
        at.state,
        of.test,
        (state) => getAttribute(walk, of.yes, name, { ...at, state }),
        (state) => getAttribute(walk, of.no, name, { ...at, state }),
      );
    case "object":
      return present(walk, objectAttribute(walk, of, name, at), at);
    case "class":
      return classAttribute(walk, of.cls, name, at);
    case "module":
      return moduleAttribute(walk, of, name, at);
    case "foreign":
      return foreign(`${of.name}.${name}`, at.node as never, at.state);
    default:
      return otherAttribute(walk, of, name, at);
  }
}

function otherAttribute(walk: Walk, of: Value, name: string, at: At): Value {
  switch (of.kind) {
    case "member":
      return memberAttribute(of, name) ?? methodOf(of, name);
    case "super":
      return superMember(walk, of, name);
    case "data":
    case "size":
      return dataAttribute(walk, of.expr, name, at);
    case "type":
      return untold("an attribute of a type");
    case "validation":
      return validationAttribute(of, name);
    default:
      return methodOf(of, name);
  }
}

function validationAttribute({ field, before }: ValueOf<"validation">, name: string): Value {
  if (name === "data") return before;
  return name === "field_name" ? literal(field) : untold(`the attribute ${name} of a validation`);
}

const methodOf = (of: Value, name: string): Value => ({ kind: "method", of, name });

/** Methods of built-in types are known by name; other attributes of the user's values raise, or are an object's own. */
function dataAttribute(walk: Walk, expr: Predicate, name: string, at: At): Value {
  if (isKnownMethod(name)) return methodOf(data(expr), name);
  const found = attribute(expr, name);
  if (expr.op === "const" && expr.value !== null && typeof expr.value === "object" && expr.value.type === "object") {
    const known = expr.value.attributes.get(name);
    return known === undefined ? untold(`the attribute ${name}`) : data(constant(known));
  }
  raiseOf(walk, at, found);
  return data(found);
}

/** A value, where the name is there; AttributeError where it is not. */
function present(walk: Walk, value: Value, at: At): Value {
  if (value.kind === "absent") {
    raise(walk, at, { exception: "AttributeError", kind: "implicit" });
    return ABSENT;
  }
  if (value.kind !== "choice") return value;
  if (value.no.kind === "absent") {
    raise(walk, at, { exception: "AttributeError", when: not(value.test), kind: "implicit" });
    return value.yes;
  }
  if (value.yes.kind !== "absent") return value;
  raise(walk, at, { exception: "AttributeError", when: value.test, kind: "implicit" });
  return value.no;
}

type ObjectRecord = Extract<HeapRecord, { kind: "object" }>;

/** An attribute of an object of the package: stored, made by a property, or of its class; absent ones are told as such. */
export function objectAttribute(walk: Walk, of: ValueOf<"object">, name: string, at: At): Value {
  const record = at.state.record("object", of.id);
  if (record === undefined) return untold("an object");
  const getter = walk.survey.order.methods(record.cls, name).find(({ role }) => role === "getter");
  if (getter !== undefined) return walk.call({ kind: "bound", info: getter, self: of }, NO_ARGUMENTS, at);
  if (name === "__dict__") return untold("the attributes of an object");
  if (name === "__class__") return { kind: "class", cls: record.cls };
  const stored = record.attributes.get(name) ?? ABSENT;
  const inherited = stored.kind === "absent" ? fromClass(walk, record.cls, name, of) : ABSENT;
  if (inherited.kind !== "absent") return inherited;
  const own = filled(walk, stored, record.cls, [name, of]);
  return opened(record, name, own, at.state);
}

/** A call without arguments. */
export const NO_ARGUMENTS: Arguments = { positional: [], named: new Map<string, Value>(), spread: [], open: false };

/** A store under conditions leaves the class's own value elsewhere. */
function filled(walk: Walk, stored: Value, cls: ClassInfo, [name, of]: readonly [string, Value]): Value {
  if (stored.kind !== "choice") return stored;
  const fill = (value: Value): Value =>
    value.kind === "absent" ? fromClass(walk, cls, name, of) : filled(walk, value, cls, [name, of]);
  return { ...stored, yes: fill(stored.yes), no: fill(stored.no) };
}

function fromClass(walk: Walk, cls: ClassInfo, name: string, self: Value): Value {
  const found = classMember(walk, cls, name);
  return found.kind === "function" ? bound(found.info, self, cls) : found;
}

function bound(info: FunctionInfo, self: Value, cls: ClassInfo): Value {
  if (info.owner === null || info.role === "static-method") return { kind: "function", info, closure: null };
  return { kind: "bound", info, self: info.role === "class-method" ? { kind: "class", cls } : self };
}

/** Keywords that became attributes hide what was stored before; that they hide a method or constant is left out. */
function opened(record: ObjectRecord, name: string, own: Value, state: State): Value {
  let value = own;
  for (const { when, taken } of record.opened) {
    const test = and(when, taken.get(name) ?? isSet(name));
    if (test !== FALSE) value = mergeValues(test, [data(field(name)), state], [value, state]);
  }
  return value;
}

function classAttribute(walk: Walk, cls: ClassInfo, name: string, at: At): Value {
  if (name === "__name__" || name === "__qualname__") return data(constant(cls.node.name));
  if (name === "__members__") return methodOf({ kind: "class", cls }, name);
  const found = classMember(walk, cls, name);
  if (found.kind === "function") return bound(found.info, { kind: "class", cls }, cls);
  if (found.kind !== "absent") return found;
  return walk.survey.order.hasForeignAncestor(cls, /./)
    ? untold(`${classNameOf(cls)}.${name}`)
    : present(walk, found, at);
}

function moduleAttribute(walk: Walk, { module }: ValueOf<"module">, name: string, at: At): Value {
  const found = walk.survey.index.member(module, name);
  const isMadeUp = found?.kind === "constant" && module.bindings.get("__getattr__")?.kind === "function";
  if (found !== undefined && !isMadeUp) return definitionValue(walk, found, at.node as never, at.state);
  const asked = foreign(`${module.name}.${name}`, at.node as never, at.state);
  const answer = settled(walk, asked);
  if ("raises" in answer) {
    raise(walk, at, { exception: answer.raises, kind: "implicit" });
    return ABSENT;
  }
  return answer.kind === "data" || answer.kind === "opaque" ? answer : asked;
}

function superMember(walk: Walk, { self, cls, after }: ValueOf<"super">, name: string): Value {
  const method = walk.survey.order.methods(cls, name, after).find(({ role }) => role !== "setter");
  if (method !== undefined) return bound(method, self, cls);
  return methodOf({ kind: "super", self, cls, after }, name);
}

/** Whether an object has an attribute. */
export function hasAttribute(walk: Walk, of: Value, name: string, at: At): Predicate {
  switch (of.kind) {
    case "choice":
      return choose(of.test, hasAttribute(walk, of.yes, name, at), hasAttribute(walk, of.no, name, at));
    case "object":
      return objectHas(walk, of, name, at);
    case "data":
      return intern({ op: "hasAttr", of: of.expr, name });
    case "opaque":
      return of.attributes.includes(name) ? TRUE : FALSE;
    default:
      return dataOf(untold(`hasattr of a ${of.kind}`), at.state);
  }
}

function objectHas(walk: Walk, of: ValueOf<"object">, name: string, { state }: At): Predicate {
  const record = state.record("object", of.id);
  if (record === undefined) return dataOf(untold("an object"), state);
  if (walk.survey.order.methods(record.cls, name).length > 0) return TRUE;
  const stored = record.attributes.get(name) ?? ABSENT;
  const inherited = fromClass(walk, record.cls, name, of).kind === "absent" ? FALSE : TRUE;
  const later = record.opened.map(({ when, taken }) => and(when, taken.get(name) ?? isSet(name)));
  return or(presenceOf(stored, inherited), ...later);
}

function presenceOf(value: Value, otherwise: Predicate): Predicate {
  if (value.kind === "absent") return otherwise;
  return value.kind === "choice"
    ? choose(value.test, presenceOf(value.yes, otherwise), presenceOf(value.no, otherwise))
    : TRUE;
}

/** `of.name = value`, through a property's setter where there is one. */
export function setAttribute(walk: Walk, of: Value, name: string, [value, at]: readonly [Value, At]): void {
  const { state } = at;
  if (of.kind === "choice")
    return branch(
      state,
      of.test,
      (line) => setAttribute(walk, of.yes, name, [value, { ...at, state: line }]),
      (line) => setAttribute(walk, of.no, name, [value, { ...at, state: line }]),
    );
  if (of.kind !== "object") return;
  const record = state.record("object", of.id);
  if (record === undefined) return;
  const accessors = walk.survey.order.methods(record.cls, name);
  const setter = accessors.find(({ role }) => role === "setter");
  if (setter !== undefined)
    return void walk.call({ kind: "bound", info: setter, self: of }, { ...NO_ARGUMENTS, positional: [value] }, at);
  if (accessors.some(isReadOnly)) return raise(walk, at, { exception: "AttributeError", kind: "implicit" });
  if (keyOf(record.cls) === keyOf(walk.entry)) noteStore(walk, name, value, at);
  state.heap.set(of.id, { ...record, attributes: new Map([...record.attributes, [name, value]]) });
}

const isReadOnly = ({ role, node }: FunctionInfo): boolean =>
  role === "getter" &&
  !node.decorators.some((decorator) => decorator.kind === "Name" && decorator.id === "cached_property");

/** A store of something else than the user's value under the parameter's name is a silent change. */
function noteStore(walk: Walk, name: string, value: Value, { node, state }: At): void {
  const to = dataOf(value, state);
  if (to !== field(name)) walk.recorder.normalise(node, state.path, name, to);
}

/** `setattr(of, key, value)` for every keyword that is left: read-only names raise. */
export function openAttributes(
  walk: Walk,
  of: ValueOf<"object">,
  presence: ReadonlyMap<string, Predicate>,
  at: At,
): void {
  const { state } = at;
  const record = state.record("object", of.id);
  if (record === undefined) return;
  const names = walk.survey.order.of(record.cls).flatMap((cls) => (cls.kind === "class" ? cls.methods : []));
  const readOnly = names.filter(
    (method) =>
      isReadOnly(method) && !names.some(({ node, role }) => role === "setter" && node.name === method.node.name),
  );
  const when = or(...readOnly.map(({ node }) => presence.get(node.name) ?? isSet(node.name)));
  if (when !== FALSE) raise(walk, at, { exception: "AttributeError", when, kind: "implicit" });
  const opening = { when: pathCondition(state.path), taken: presence };
  state.heap.set(of.id, { ...record, opened: [...record.opened, opening] });
}

/** `getattr(module, key)` for a text of the user's: it must be one of the module's names. */
export function userAttribute(walk: Walk, of: ValueOf<"opaque">, key: Predicate, at: At): Value {
  const named = (fact: string, names: readonly string[]): Predicate => {
    walk.ground.state(fact, list(names));
    return intern({ op: "in", args: [key, { op: "fact", name: fact }] });
  };
  const known = named(`dir(${of.name})`, of.attributes);
  raise(walk, at, { exception: "AttributeError", when: not(known), kind: "implicit" });
  const own = [...new Set(Object.values(of.types))]
    .filter((type) => !/^(builtins\.|types\.|typing\.)?[^.]+$/.test(type))
    .toSorted();
  const ofType = (type: string): readonly string[] => Object.keys(of.types).filter((name) => of.types[name] === type);
  const held = (type: string): Predicate => {
    const constants = ofType(type).map((name) => [name, of.constants[name]] as const);
    const items = constants.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, encodeValue(value)] as const],
    );
    if (items.length < constants.length) return objectOf(type);
    walk.ground.state(membersFact(of.name, type), decodeValue({ $py: "dict", value: items }));
    return member(of.name, type, key);
  };
  const other = objectOf("builtins.object");
  return data(
    own.reduceRight((no, type) => choose(named(`dir(${of.name},${type})`, ofType(type)), held(type), no), other),
  );
}
