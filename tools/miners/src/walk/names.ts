import type { GroundQuestion } from "../candidates/ground.ts";
import { bindingsOf, lastName } from "../modules/bindings.ts";
import type { Binding, ClassInfo, Constant, Definition } from "../modules/definitions.ts";
import { everyNode } from "../syntax/inside.ts";
import type { Expr } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { memberOf } from "./enums.ts";
import { isConstant } from "./expr/intern.ts";
import { fact } from "./expr/terms.ts";
import { moduleFrame, State } from "./state.ts";
import { ABSENT, data, untold, type ForeignValue, type Value } from "./value.ts";
import type { Walk } from "./walk.ts";

/** What a name stands for where a function is walked. */
export function nameValue(walk: Walk, node: Extract<Expr, { kind: "Name" }>, state: State): Value {
  const own = state.locals.get(node.id) ?? state.frame.closure?.get(node.id);
  if (own !== undefined) return own;
  const { module } = state.frame;
  const found = walk.survey.index.member(module, node.id);
  if (found !== undefined) return definitionValue(walk, found, node, state);
  const builtin = walk.survey.order.resolve(node, module.name);
  return builtin?.kind === "foreign"
    ? { kind: "foreign", name: builtin.name, question: null }
    : untold(`the name ${node.id}`);
}

/** A definition as a value. */
export function definitionValue(walk: Walk, found: Definition, node: Expr, state: State): Value {
  switch (found.kind) {
    case "module":
      return { kind: "module", module: found };
    case "class":
      return { kind: "class", cls: found };
    case "function":
      return { kind: "function", info: found, closure: null };
    case "foreign":
      return foreign(found.name, node, state);
    case "constant":
      return constantValue(walk, found, node, state);
  }
}

/** A name outside the package, which the installed engine can be asked about. */
export const foreign = (name: string, node: Expr, state: State): ForeignValue => ({
  kind: "foreign",
  name,
  question: isGround(node, state) ? questionOf(node, state) : null,
});

const CONSTANTS = new WeakMap<Constant, Value | null>();

/** The value of a module's own name: from the source where that says it, else from the installed engine. */
function constantValue(walk: Walk, found: Constant, node: Expr, state: State): Value {
  const known = CONSTANTS.get(found);
  const value = known === undefined ? evaluated(walk, found) : known;
  if (known === undefined && value !== undefined) CONSTANTS.set(found, value);
  return value ?? foreign(`${found.module}.${found.name}`, node, state);
}

function evaluated(walk: Walk, { value, module }: Constant): Value | null {
  const home = walk.survey.index.module(module);
  if (value === null || home === undefined) return null;
  const state = new State(moduleFrame(home));
  walk.recorder.silence += 1;
  const found = walk.evaluate(value, state);
  walk.recorder.silence -= 1;
  if (/^(class|function|member|module)$/.test(found.kind)) return found;
  const expr = dataOf(found, state);
  return isConstant(expr) ? data(expr) : null;
}

/** Expressions that the installed engine can evaluate: no argument, local or loop name in them. */
export function isGround(node: Expr, state: State): boolean {
  const imported = importsOf(state);
  for (const each of everyNode(node)) {
    if (each.kind === "Lambda" || each.kind === "NamedExpr" || "generators" in each) return false;
    if (each.kind !== "Name" || imported.get(each.id)?.kind === "import") continue;
    if (state.locals.has(each.id) || state.frame.closure?.has(each.id) === true) return false;
  }
  return true;
}

/** Names that the function binds by itself. */
function importsOf({ frame: { module, fn } }: State): ReadonlyMap<string, Binding> {
  if (fn === null) return new Map();
  const known = IMPORTS.get(fn.node);
  if (known !== undefined) return known;
  const above = module.isPackage ? module.name : module.name.split(".").slice(0, -1).join(".");
  const found = bindingsOf(fn.node.body, {
    module: module.name,
    path: module.path,
    package: above,
    prefix: "",
    owner: null,
  }).names;
  IMPORTS.set(fn.node, found);
  return found;
}

const IMPORTS = new WeakMap<object, ReadonlyMap<string, Binding>>();

/** A question about the expression, with the imports of the function around it. */
export function questionOf(node: Expr, state: State): GroundQuestion {
  const { module } = state.frame;
  const used = new Set([...everyNode(node)].flatMap((each) => (each.kind === "Name" ? [each.id] : [])));
  const imports = [...importsOf(state)].flatMap(([as, binding]) =>
    binding.kind === "import" && used.has(as) ? [{ module: binding.module, name: binding.name, as }] : [],
  );
  return { path: module.path, module: module.name, span: node.span, imports };
}

/** What is asked of the installed engine, answered: data stay named facts; an exception is the caller's to raise. */
export function settled(walk: Walk, value: ForeignValue): Value | { readonly raises: string } {
  if (value.question === null) return untold(`${value.name} was not told`);
  const answer = walk.ground.ask(value.question);
  switch (answer?.kind) {
    case "value":
      walk.ground.state(value.name, answer.value);
      return data(fact(value.name));
    case "raises":
      return { raises: answer.exception.split(".").at(-1) ?? answer.exception };
    case "opaque":
      return {
        kind: "opaque",
        name: value.name,
        type: answer.type,
        attributes: answer.attributes,
        types: answer.types ?? {},
        constants: answer.constants ?? {},
      };
    case "unavailable":
      return { ...value, question: null };
    default:
      return untold(`${value.name} was not asked for yet`);
  }
}

/** A value that is kept or compared: what another package holds is asked for now, but for classes and functions. */
export function kept(walk: Walk, value: Value): Value {
  if (value.kind !== "foreign" || value.question === null) return value;
  const answer = settled(walk, value);
  return !("raises" in answer) && answer.kind === "data" ? answer : value;
}

/** A member of a class: of an Enum, a constant, or a method. */
export function classMember(walk: Walk, cls: ClassInfo, name: string): Value {
  const { order, index } = walk.survey;
  const member = memberOf(walk, cls, name);
  if (member !== undefined) return member;
  for (const ancestor of order.of(cls)) {
    if (ancestor.kind === "foreign") continue;
    const method = ancestor.methods.findLast(
      ({ node, role }) => node.name === name && role !== "setter" && role !== "deleter",
    );
    if (method !== undefined) return { kind: "function", info: method, closure: null };
    const field = ancestor.fields.findLast((each) => each.name === name && each.value !== null);
    const home = index.module(ancestor.module);
    if (field?.value != null && home !== undefined) {
      const written = defaultIn(field.value);
      if (written === null) return untold(`the default of ${name}`);
      const constant = written === field.value ? field : { ...field, value: written };
      return fieldValue(walk, constant, written, new State(moduleFrame(home)));
    }
  }
  return ABSENT;
}

/** What a class holds under a field's name: `Field(default=x, ...)` leaves x there; null for what is made later. */
function defaultIn(value: Expr): Expr | null {
  if (value.kind !== "Call" || !/^(field|Field)$/.test(lastName(value.func) ?? "")) return value;
  return value.keywords.find(({ name }) => name === "default")?.value ?? value.args[0] ?? null;
}

function fieldValue(walk: Walk, field: Constant, value: Expr, state: State): Value {
  const found = CONSTANTS.get(field) ?? evaluated(walk, field) ?? foreign(field.name, value, state);
  return found;
}
