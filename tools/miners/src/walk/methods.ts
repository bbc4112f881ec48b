import type { Expr as Predicate, OperatorName } from "@lem/config/invariants";
import { container } from "./arguments.ts";
import { dataOf } from "./data.ts";
import { membersOf } from "./enums.ts";
import { and, not } from "./expr/conditions.ts";
import { FALSE, intern, TRUE } from "./expr/intern.ts";
import { apply, attribute, choose, field, isSet, textOf, typed } from "./expr/terms.ts";
import { mergeValues } from "./merge.ts";
import { OPERATORS, OWNERS } from "./method-owners.ts";
import { equality } from "./equality.ts";
import { raise, raiseOf } from "./raising.ts";
import { beyond, pathCondition, type Entry, type HeapRecord } from "./state.ts";
import { data, literal, NO_VALUE, SOME_TEXT, untold, type Value, type ValueOf } from "./value.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** A call of a method by name: of keywords, local containers, Enums, or the user's own value. */
export function callMethod(walk: Walk, { of, name }: ValueOf<"method">, args: Arguments, at: At): Value {
  switch (of.kind) {
    case "keywords":
      return keywordMethod(walk, of.id, name, [args, at]);
    case "container":
      return containerMethod(walk, of.id, name, [args, at]);
    case "method":
      return membersMethod(walk, of, name, at);
    case "text":
      return SOME_TEXT;
    case "super":
      if (name === "__init__") walk.initialise(of, args, at);
      return NO_VALUE;
    case "given":
      return of;
    case "data":
    case "size":
    case "member":
      return dataMethod(walk, dataOf(of, at.state), name, [args, at]);
    default:
      walk.recorder.give(at.node, `the method ${name} of a ${of.kind}`);
      return untold(`the method ${name} of a ${of.kind}`);
  }
}

type Call = readonly [Arguments, At];

function keywordMethod(walk: Walk, id: number, name: string, [args, at]: Call): Value {
  const { state } = at;
  const record = state.record("keywords", id);
  const presence = record?.presence ?? new Map<string, Predicate>();
  if (name === "keys" || name === "copy") return { kind: "given", presence };
  if (name === "items" || name === "values") return { kind: "keywords", id };
  const [key, otherwise] = args.positional;
  const word = key === undefined ? undefined : textOf(dataOf(key, state));
  if (word === undefined || !/^(pop|get|setdefault)$/.test(name)) return untold(`the keywords' method ${name}`);
  const there = presence.get(word) ?? isSet(word);
  const found = keywordValue(walk, [word, there], [name, otherwise], at);
  if (name === "pop") state.heap.set(id, { kind: "keywords", presence: new Map([...presence, [word, FALSE]]) });
  return found;
}

/** `kwargs.pop("name", default)` is how the parameter gets its default. */
function keywordValue(
  walk: Walk,
  [word, there]: readonly [string, Predicate],
  [method, otherwise]: readonly [string, Value | undefined],
  at: At,
): Value {
  const { state } = at;
  if (method === "pop" && otherwise === undefined) {
    raise(walk, at, { exception: "KeyError", when: not(there), kind: "implicit" });
    return data(field(word));
  }
  const usual = otherwise ?? NO_VALUE;
  if (there === FALSE) return usual;
  if (usual.kind !== "data" && usual.kind !== "member")
    return mergeValues(there, [data(field(word)), state], [usual, state]);
  const expr = dataOf(usual, state);
  return data(there === isSet(word) ? walk.parameters.withDefault(word, expr) : choose(there, field(word), expr));
}

type ContainerRecord = Extract<HeapRecord, { kind: "container" }>;

function containerMethod(walk: Walk, id: number, name: string, [args, at]: Call): Value {
  const { state } = at;
  const record = state.record("container", id);
  if (record === undefined) return untold("a container");
  const [first, second] = args.positional;
  const put = (entries: readonly Entry[], loose = record.loose): void =>
    void state.heap.set(id, { ...record, entries: [...record.entries, ...entries], loose });
  const path = beyond(state.path, record.depth);
  switch (name) {
    case "append":
    case "add":
      if (first !== undefined) put([{ path, key: null, value: first, node: at.node }]);
      return NO_VALUE;
    case "copy":
      return { kind: "container", id };
    case "get":
      return containerGet(record, [first, second], at);
    case "keys":
    case "values":
    case "items":
      return view(walk, record, name, at);
    default:
      return otherContainerMethod(walk, [id, record], name, [args, at]);
  }
}

const MUTATORS = /^(extend|update|insert|remove|discard|clear|sort|reverse|setdefault|pop|popitem|appendleft|popleft)$/;

function otherContainerMethod(
  walk: Walk,
  [id, record]: readonly [number, ContainerRecord],
  name: string,
  [args, at]: Call,
): Value {
  const { state } = at;
  if (name === "fromkeys") return data(apply("distinct", dataOf(args.positional[0] ?? NO_VALUE, state)));
  if (name === "issubset" || name === "isdisjoint") {
    const other = args.positional[0] ?? untold("a missing argument");
    const expr = apply(
      name === "issubset" ? "subset" : "disjoint",
      dataOf({ kind: "container", id }, state),
      dataOf(other, state),
    );
    raiseOf(walk, at, expr);
    return data(expr);
  }
  if (name === "join" || name === "index" || name === "count") return untold(`the result of ${name}`);
  if (MUTATORS.test(name)) state.heap.set(id, { ...record, loose: true });
  return untold(`the container method ${name}`);
}

function containerGet(
  record: ContainerRecord,
  [key, otherwise]: readonly [Value | undefined, Value | undefined],
  { state }: At,
): Value {
  if (key === undefined || record.loose) return untold("an item of unknown entries");
  return record.entries.reduce<Value>((value, entry) => {
    const test = and(pathCondition(entry.path), equality(key, entry.key ?? entry.value, state));
    return test === TRUE
      ? entry.value
      : test === FALSE
        ? value
        : mergeValues(test, [entry.value, state], [value, state]);
  }, otherwise ?? NO_VALUE);
}

/** `keys()`, `values()` and `items()` of a local mapping. */
function view(walk: Walk, record: ContainerRecord, name: "keys" | "values" | "items", { state }: At): Value {
  const id = walk.newId();
  const entries = record.entries.map((entry): Entry => {
    const key = entry.key ?? entry.value;
    if (name !== "items") return { ...entry, key: null, value: name === "keys" ? key : entry.value };
    return { ...entry, key: null, value: container(walk, state, "tuple", [key, entry.value]) };
  });
  state.heap.set(id, { ...record, type: "list", entries });
  return { kind: "container", id };
}

/** `Enum.__members__.values()` and its like. */
function membersMethod(walk: Walk, of: ValueOf<"method">, name: string, { state }: At): Value {
  if (of.name !== "__members__" || of.of.kind !== "class") return untold(`the method ${name}`);
  const members = membersOf(walk, of.of.cls);
  if (name === "values") return container(walk, state, "list", members);
  if (name === "keys")
    return container(
      walk,
      state,
      "list",
      members.map((member) => literal(member.name)),
    );
  return untold(`the method ${name} of an Enum's members`);
}

function dataMethod(walk: Walk, of: Predicate, name: string, [args, at]: Call): Value {
  const operands = args.positional.map((value) => dataOf(value, at.state));
  const operator = OPERATORS[name];
  const isPlain = args.named.size === 0 && (name !== "strip" || operands.length === 0);
  if (operator !== undefined && isPlain) return operated(walk, [operator, of, ...operands], at);
  const owners = OWNERS[name];
  if (of.op === "const" && (name === "format" || name === "join")) return SOME_TEXT;
  if (owners === undefined) raiseOf(walk, at, attribute(of, name));
  else raise(walk, at, { exception: "AttributeError", when: lacks(of, owners), kind: "implicit" });
  if (name === "update" && operands[0] !== undefined) noteUpdate(walk, of, operands[0], at);
  return untold(`the method ${name}`);
}

/** A method that the predicate language has as an operator. */
function operated(
  walk: Walk,
  [operator, of, ...operands]: readonly [OperatorName, Predicate, ...Predicate[]],
  at: At,
): Value {
  if (operator === "subset" || operator === "disjoint")
    raise(walk, at, { exception: "AttributeError", when: lacks(of, SETS), kind: "implicit" });
  const expr = apply(operator, of, ...operands);
  const isLookedUp = operator === "get" && of.op === "const";
  raiseOf(walk, at, isLookedUp ? apply("in", operands[0] ?? of, keysOf(of)) : expr);
  return data(expr);
}

/** The keys of a constant mapping, as what hashes the same values. */
const keysOf = (of: Predicate): Predicate => apply("unique", of);

/** Objects of other classes may have the method: they have their own attributes. */
const lacks = (of: Predicate, owners: readonly string[]): Predicate => and(not(typed(of, owners)), typed(of, PLAIN));
const SETS = ["set", "frozenset"];
const PLAIN = ["none", "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "frozenset"];

/** `set.update(x)` hashes the elements of `x`. */
function noteUpdate(walk: Walk, of: Predicate, added: Predicate, at: At): void {
  const elements = apply("unique", added);
  raise(walk, at, {
    exception: "TypeError",
    when: and(typed(of, ["set"]), intern({ op: "raises", of: elements, exception: "Exception" })),
    kind: "implicit",
  });
}
