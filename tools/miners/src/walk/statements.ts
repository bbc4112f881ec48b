import type { Expr } from "../syntax/expressions.ts";
import { bindingsOf, lastName } from "../modules/bindings.ts";
import type { Binding } from "../modules/definitions.ts";
import type { Stmt, StmtOf } from "../syntax/statements.ts";
import { nestedFunction } from "./calls.ts";
import { dataOf } from "./data.ts";
import { not } from "./expr/conditions.ts";
import { itemsOf, unknown } from "./expr/terms.ts";
import { forLoop, whileLoop } from "./loops.ts";
import { branch } from "./merge.ts";
import { binary } from "./operators.ts";
import { definitionValue, kept } from "./names.ts";
import { raise } from "./raising.ts";
import { beyond, type Entry, type State } from "./state.ts";
import { itemOf } from "./subscripts.ts";
import { tryStatement } from "./tries.ts";
import { data, literal, NO_VALUE, untold, type Value } from "./value.ts";
import type { Walk } from "./walk.ts";

type Rules = { readonly [K in Stmt["kind"]]?: (walk: Walk, node: StmtOf<K>, state: State) => void };

const RULES: Rules = {
  Expr: (walk, { value }, state) => void (value === null || walk.evaluate(value, state)),
  Return: (walk, { value }, state) => {
    const found = value === null ? NO_VALUE : walk.evaluate(value, state);
    if (!state.live) return;
    state.frame.returns.push({ state: state.fork(), value: found });
    state.status = "left";
  },
  Assign: (walk, node, state) => {
    const found = walk.evaluate(node.value, state);
    walk.statement = node;
    for (const target of node.targets) if (state.live) walk.assign(target, found, state);
  },
  AnnAssign: (walk, node, state) => {
    if (node.value === null) return;
    const found = walk.evaluate(node.value, state);
    walk.statement = node;
    if (state.live) walk.assign(node.target, found, state);
  },
  AugAssign: augmented,
  If: conditional,
  For: forLoop,
  While: whileLoop,
  Try: tryStatement,
  With: (walk, { items, body }, state) => {
    for (const { context, target } of items) {
      const value = walk.evaluate(context, state);
      if (target !== null && state.live)
        walk.assign(target, value.kind === "object" ? value : untold("a context"), state);
    }
    walk.run(body, state);
  },
  Match: matching,
  Raise: (walk, node, state) => {
    raise(walk, { node, state }, { exception: node.exc === null ? null : (lastName(node.exc) ?? null), kind: "raise" });
  },
  Assert: (walk, node, state) => {
    const test = walk.condition(node.test, state);
    raise(walk, { node, state }, { exception: "AssertionError", when: not(test.expr), kind: "assert" });
  },
  Delete: (walk, { targets }, state) => {
    for (const target of targets) if (target.kind === "Name") state.locals.delete(target.id);
  },
  FunctionDef: (walk, node, state) => void state.locals.set(node.name, nestedFunction(walk, node, state)),
  ClassDef: (_, node, state) => void state.locals.set(node.name, untold("a local class")),
  Import: imported,
  ImportFrom: imported,
  Break: (_, __, state) => leave(state, "breaks"),
  Continue: (_, __, state) => leave(state, "continues"),
};

/** Walks statements until one leaves. */
export function run(walk: Walk, block: readonly Stmt[], state: State): void {
  for (const statement of block) {
    if (!state.live) return;
    walk.recorder.meet(statement);
    const rule = RULES[statement.kind] as ((walk: Walk, node: Stmt, state: State) => void) | undefined;
    if (rule !== undefined) rule(walk, statement, state);
    else if (statement.kind === "Unparsed") walk.recorder.give(statement, statement.reason);
  }
}

function leave(state: State, how: "breaks" | "continues"): void {
  state.frame.loops.at(-1)?.[how].push(state.fork());
  state.status = "left";
}

function conditional(walk: Walk, { test, body, orelse }: StmtOf<"If" | "While">, state: State): void {
  const { expr, collects } = walk.condition(test, state);
  if (!state.live) return;
  branch(
    state,
    expr,
    (line) => {
      const last = line.path.at(-1);
      if (collects.length > 0 && last?.kind === "when") line.path = [...line.path.slice(0, -1), { ...last, collects }];
      walk.run(body, line);
    },
    (line) => walk.run(orelse, line),
  );
}

/** A store on a name, attribute, item, or several of them. */
export function assign(walk: Walk, target: Expr, given: Value, state: State): void {
  const value = kept(walk, given);
  switch (target.kind) {
    case "Name":
      state.locals.set(target.id, value);
      return;
    case "Attribute": {
      const of = walk.evaluate(target.value, state);
      if (state.live) walk.store(of, target.attr, value, { node: walk.statement ?? target, state });
      return;
    }
    case "Subscript":
      return storeItem(walk, target, value, state);
    case "Tuple":
    case "List":
      return unpack(walk, target.elts, value, state);
    case "Starred":
      return assign(walk, target.value, untold("the rest of an unpacking"), state);
    default:
  }
}

/** `container[key] = value`. */
function storeItem(walk: Walk, target: Extract<Expr, { kind: "Subscript" }>, value: Value, state: State): void {
  const of = walk.evaluate(target.value, state);
  const key = walk.evaluate(target.slice, state);
  if (of.kind !== "container" || !state.live) return;
  const record = state.record("container", of.id);
  if (record === undefined) return;
  const entry: Entry = { path: beyond(state.path, record.depth), key, value, node: walk.statement ?? target };
  state.heap.set(of.id, {
    ...record,
    entries: [...record.entries, entry],
    loose: record.loose || record.type !== "dict",
  });
}

function unpack(walk: Walk, targets: readonly Expr[], value: Value, state: State): void {
  const known =
    value.kind === "container" ? state.record("container", value.id)?.entries.map((entry) => entry.value) : undefined;
  const items = known ?? itemsOf(dataOf(value, state))?.map(data);
  for (const [index, target] of targets.entries()) {
    const item =
      items?.[index] ??
      (value.kind === "data"
        ? itemOf(walk, [value, literal(index)], { node: target, state })
        : untold("an unpacked value"));
    walk.assign(target, item, state);
  }
}

function augmented(walk: Walk, node: StmtOf<"AugAssign">, state: State): void {
  const before = walk.evaluate(node.target, state);
  const value = walk.evaluate(node.value, state);
  if (!state.live) return;
  const result = binary(walk, node.op, [before, value], { node, state });
  walk.statement = node;
  if (state.live) walk.assign(node.target, result, state);
}

/** What a pattern matches is not known: each case may run. */
function matching(walk: Walk, { subject, cases }: StmtOf<"Match">, state: State): void {
  walk.evaluate(subject, state);
  const next = (index: number, line: State): void => {
    const each = cases[index];
    if (each === undefined || !line.live) return;
    branch(
      line,
      unknown("a match pattern"),
      (inside) => {
        for (const name of each.binds) inside.locals.set(name, untold("a matched value"));
        walk.run(each.body, inside);
      },
      (outside) => next(index + 1, outside),
    );
  };
  next(0, state);
}

/** Imports inside functions; one of another package that is missing raises. */
function imported(walk: Walk, node: StmtOf<"Import" | "ImportFrom">, state: State): void {
  const { module } = state.frame;
  const above = module.isPackage ? module.name : module.name.split(".").slice(0, -1).join(".");
  const { names } = bindingsOf([node], {
    module: module.name,
    path: module.path,
    package: above,
    prefix: "",
    owner: null,
  });
  for (const [name, binding] of names) state.locals.set(name, importedValue(walk, binding, node, state));
}

function importedValue(walk: Walk, binding: Binding, node: StmtOf<"Import" | "ImportFrom">, state: State): Value {
  const found = walk.survey.index.follow(binding);
  if (found === undefined) return untold("an import");
  const at: Expr = { kind: "Name", span: node.span, id: "" };
  const value = definitionValue(walk, found, at, state);
  return value.kind === "foreign" ? { ...value, question: null } : value;
}
