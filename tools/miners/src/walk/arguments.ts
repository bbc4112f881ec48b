import type { Expr as Predicate } from "@lem/config/invariants";
import type { ClassInfo, Module } from "../modules/definitions.ts";
import type { Param } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { and, not, or } from "./expr/conditions.ts";
import { constant, FALSE, isConstant } from "./expr/intern.ts";
import { apply, choose, display, field, isSet, textOf, typed, variable } from "./expr/terms.ts";
import { everyOf } from "./iteration.ts";
import { raise } from "./raising.ts";
import { moduleFrame, State, type Entry } from "./state.ts";
import { data, literal, untold, type Value } from "./value.ts";
import type { Arguments, At, Walk } from "./walk.ts";

/** A parameter list, and where its defaults are evaluated. */
export interface Signature {
  readonly params: readonly Slot[];
  readonly args: Arguments;
  readonly home: { readonly module: Module; readonly owner: ClassInfo | null };
}

/** A parameter; of generated constructors the default is a value already. */
export type Slot = Pick<Param, "name" | "role" | "default"> & { readonly value?: Value | undefined };

/** Gives the parameters of a function their values, in the state of the called function. */
export function bindArguments(walk: Walk, { params, args, home }: Signature, at: At): void {
  const { state } = at;
  const takes = params.filter(({ role }) => role !== "args" && role !== "kwargs");
  const places = takes.filter(({ role }) => role !== "keyword");
  const rest = params.find(({ role }) => role === "args");
  const others = params.find(({ role }) => role === "kwargs");
  if (args.positional.length > places.length && rest === undefined && !args.open)
    raise(walk, at, { exception: "TypeError", kind: "implicit" });
  const unclaimed = new Map(args.named);
  for (const source of args.spread) mustBeMapping(walk, source, at);
  for (const [index, slot] of takes.entries()) {
    const given = (places.includes(slot) ? args.positional[index] : undefined) ?? unclaimed.get(slot.name);
    unclaimed.delete(slot.name);
    state.locals.set(slot.name, given ?? missing(walk, slot, { args, home }, at));
  }
  if (rest !== undefined)
    state.locals.set(rest.name, container(walk, state, "tuple", args.positional.slice(places.length)));
  const filled = places.slice(0, args.positional.length);
  const names = takes.filter((slot) => !filled.includes(slot)).map(({ name }) => name);
  if (others !== undefined) state.locals.set(others.name, remaining(walk, [args, unclaimed, names], state));
  else refuse(walk, [args, unclaimed, names], at);
}

/** A parameter that no argument names: it may come from `**value`, or have a default. */
function missing(walk: Walk, slot: Slot, { args, home }: Pick<Signature, "args" | "home">, at: At): Value {
  const otherwise = slot.value ?? (slot.default === null ? undefined : defaultValue(walk, slot.default, home));
  for (const source of args.spread) {
    const found = fromSpread(walk, slot.name, [source, otherwise], at);
    if (found !== undefined) return found;
  }
  if (otherwise !== undefined) return otherwise;
  if (args.open) return untold(`the argument ${slot.name}`);
  raise(walk, at, { exception: "TypeError", kind: "implicit" });
  return untold(`the argument ${slot.name}`);
}

/** A default is made once, where the function stands. */
function defaultValue(walk: Walk, node: NonNullable<Param["default"]>, { module, owner }: Signature["home"]): Value {
  const state = new State(moduleFrame(module, owner));
  walk.recorder.silence += 1;
  const found = walk.evaluate(node, state);
  walk.recorder.silence -= 1;
  if (found.kind !== "container") return found;
  return data(dataOf(found, state));
}

function fromSpread(
  walk: Walk,
  name: string,
  [source, otherwise]: readonly [Value, Value | undefined],
  at: At,
): Value | undefined {
  const { state } = at;
  if (source.kind === "keywords") return fromKeywords(walk, name, [source.id, otherwise], at);
  if (source.kind === "container") {
    const record = state.record("container", source.id);
    const entry = record?.entries.find(({ key }) => key !== null && textOf(dataOf(key, state)) === name);
    return entry?.value ?? (record?.loose === true ? untold(`the argument ${name}`) : undefined);
  }
  const expr = dataOf(source, state);
  const key = constant(name);
  const isGiven = apply("in", key, expr);
  if (otherwise === undefined) {
    raise(walk, at, { exception: "TypeError", when: and(typed(expr, ["dict"]), not(isGiven)), kind: "implicit" });
    return data(apply("index", expr, key));
  }
  return data(choose(isGiven, apply("index", expr, key), dataOf(otherwise, state)));
}

function fromKeywords(
  walk: Walk,
  name: string,
  [id, otherwise]: readonly [number, Value | undefined],
  at: At,
): Value | undefined {
  const { state } = at;
  const presence = state.record("keywords", id)?.presence.get(name) ?? isSet(name);
  if (presence === FALSE) return undefined;
  if (otherwise === undefined) {
    raise(walk, at, { exception: "TypeError", when: not(presence), kind: "implicit" });
    return walk.parameters.required(name);
  }
  const usual = dataOf(otherwise, state);
  if (presence !== isSet(name)) return data(choose(presence, field(name), usual));
  return data(walk.parameters.withDefault(name, usual));
}

/** What `**kwargs` holds in the called function. */
function remaining(
  walk: Walk,
  [args, unclaimed, names]: readonly [Arguments, ReadonlyMap<string, Value>, readonly string[]],
  state: State,
): Value {
  const source = args.spread.find(({ kind }) => kind === "keywords");
  const id = walk.newId();
  if (source?.kind === "keywords") {
    const before = state.record("keywords", source.id)?.presence ?? new Map<string, Predicate>();
    const presence = new Map([...before, ...names.map((name) => [name, FALSE] as const)]);
    state.heap.set(id, { kind: "keywords", presence });
    return { kind: "keywords", id };
  }
  const entries = [...unclaimed].map(([name, value]): Entry => ({ path: [], key: literal(name), value, node: value }));
  const spread = args.spread.flatMap((each) =>
    each.kind === "container" ? (state.record("container", each.id)?.entries ?? []) : [],
  );
  const more = spread.filter(({ key }) => key === null || !names.includes(textOf(dataOf(key, state)) ?? ""));
  const loose = args.spread.some(({ kind }) => kind !== "container");
  state.heap.set(id, {
    kind: "container",
    type: "dict",
    entries: [...entries, ...more],
    depth: state.path.length,
    loose,
  });
  return { kind: "container", id };
}

/** A function without `**kwargs` refuses names that it does not know. */
function refuse(
  walk: Walk,
  [args, unclaimed, names]: readonly [Arguments, ReadonlyMap<string, Value>, readonly string[]],
  at: At,
): void {
  if (unclaimed.size > 0) raise(walk, at, { exception: "TypeError", kind: "implicit" });
  for (const source of args.spread) {
    if (source.kind === "keywords") walk.parameters.acceptsOthers = false;
    if (source.kind !== "data" && source.kind !== "choice") continue;
    const expr = dataOf(source, at.state);
    if (isConstant(expr)) continue;
    const known = apply("subset", apply("keys", expr), display("list", names.map(constant)));
    raise(walk, at, { exception: "TypeError", when: and(typed(expr, ["dict"]), not(known)), kind: "implicit" });
  }
}

/** `**value` takes a mapping with texts as keys. */
function mustBeMapping(walk: Walk, source: Value, at: At): void {
  if (source.kind !== "data" && source.kind !== "choice") return;
  const expr = dataOf(source, at.state);
  if (isConstant(expr)) return;
  const as = walk.newVariable();
  const named = everyOf(apply("keys", expr), typed(variable(as), ["str"]), as);
  raise(walk, at, { exception: "TypeError", when: or(not(typed(expr, ["dict"])), not(named)), kind: "implicit" });
}

/** A new local container of values. */
export function container(
  walk: Walk,
  state: State,
  type: "list" | "tuple" | "set" | "dict",
  values: readonly Value[],
): Value {
  const id = walk.newId();
  const entries = values.map((value): Entry => ({ path: [], key: null, value, node: value }));
  state.heap.set(id, { kind: "container", type, entries, depth: state.path.length, loose: false });
  return { kind: "container", id };
}
