import type { Expr } from "../syntax/expressions.ts";
import { everyNodeOf } from "../syntax/inside.ts";
import type { Stmt, StmtOf } from "../syntax/statements.ts";
import { not } from "./expr/conditions.ts";
import { TRUE } from "./expr/intern.ts";
import { variable } from "./expr/terms.ts";
import { iterated, loopUnknown, type Iterated } from "./iteration.ts";
import { branch, gather } from "./merge.ts";
import { anyLine, beyond, type Exit, type Path, type State } from "./state.ts";
import { data, NO_VALUE, untold, type Value } from "./value.ts";
import type { Walk } from "./walk.ts";

/** `for`: element by element where they are known, once for all of the user's elements. */
export function forLoop(walk: Walk, node: StmtOf<"For">, state: State): void {
  const source = walk.evaluate(node.iter, state);
  if (!state.live) return;
  const over = iterated(walk, source, { node, state });
  if (over.kind === "items") unrolled(walk, node, [over.items, state]);
  else once(walk, node, [over, state]);
}

type Items = Extract<Iterated, { kind: "items" }>["items"];

/** Each round goes on where the one before ended, was continued, or passed its element by. */
function unrolled(walk: Walk, node: StmtOf<"For">, [items, state]: readonly [Items, State]): void {
  const base = state.path;
  const breaks: State[] = [];
  const before = leavings(walk, state);
  for (const { value, path } of items) {
    if (!state.live) break;
    if (path.length === 0) round(walk, node, [value, state, breaks]);
    else conditionally(path, state, (line) => round(walk, node, [value, line, breaks]));
  }
  if (state.live) walk.run(node.orelse, state);
  const exits = breaks.map((each): Exit => ({ state: each, value: NO_VALUE }));
  if (exits.length === 0) return;
  if (state.live) exits.push({ state: state.fork(), value: NO_VALUE });
  gather(state, base, exits, leavings(walk, state) === before);
}

const leavings = (walk: Walk, { frame }: State): number => walk.departures + frame.returns.length;

function conditionally(path: Path, state: State, work: (line: State) => void): void {
  const [item, ...rest] = path;
  if (item === undefined) return work(state);
  if (item.kind === "each") return;
  branch(
    state,
    item.expr,
    (line) => conditionally(rest, line, work),
    () => undefined,
  );
}

function round(walk: Walk, node: StmtOf<"For">, [value, state, breaks]: readonly [Value, State, State[]]): void {
  const base = state.path;
  const frame = { breaks, continues: [] as State[] };
  const before = leavings(walk, state) + breaks.length;
  state.frame.loops.push(frame);
  walk.assign(node.target, value, state);
  walk.run(node.body, state);
  state.frame.loops.pop();
  if (frame.continues.length === 0) return;
  const exits = frame.continues.map((each): Exit => ({ state: each, value: NO_VALUE }));
  if (state.live) exits.push({ state: state.fork(), value: NO_VALUE });
  gather(state, base, exits, leavings(walk, state) + breaks.length === before);
}

/** One walk stands for all rounds: what rounds change is unknown in it and behind it. */
function once(
  walk: Walk,
  node: StmtOf<"For">,
  [over, state]: readonly [Exclude<Iterated, { kind: "items" }>, State],
): void {
  const line = state.fork();
  const what = over.kind === "unknown" ? over.what : "the user's elements";
  forget(node.body, line, what);
  const start = line.path.length;
  if (over.kind === "user") {
    const as = walk.newVariable();
    line.path = [...line.path, { kind: "each", in: over.in, as }];
    walk.assign(node.target, data(variable(as)), line);
  } else if (over.kind === "keywords") keywordTarget(walk, node.target, [over.presence, line]);
  else {
    line.assume({ op: "unknown", what: over.what });
    walk.assign(node.target, untold(over.what), line);
  }
  inLoop(walk, node.body, [line, state, start]);
  forget(node.body, state, what);
  walk.run(node.orelse, state);
}

/** Walks a body of which it is not known how often it runs, and goes on behind it. */
function inLoop(walk: Walk, body: readonly Stmt[], [line, state, start]: readonly [State, State, number]): void {
  const { returns, loops } = state.frame;
  const known = returns.length;
  const departures = walk.departures;
  loops.push({ breaks: [], continues: [] });
  walk.run(body, line);
  loops.pop();
  keepStores(line, state);
  const left = returns.slice(known).map((exit) => beyond(exit.state.path, start));
  if (left.length > 0) state.assume(not(anyLine(left)));
  if (walk.departures > departures) walk.departures += 1;
}

/** Attributes and containers that a round changes are as the round leaves them, or as they were: not known which. */
function keepStores(line: State, state: State): void {
  for (const [id, after] of line.heap) {
    const before = state.heap.get(id);
    if (before === after) continue;
    if (before?.kind === "object" && after.kind === "object") {
      const changed = [...after.attributes].map(
        ([name, value]) => [name, before.attributes.get(name) === value ? value : loopUnknown("stores")] as const,
      );
      state.heap.set(id, { ...after, attributes: new Map(changed) });
    } else state.heap.set(id, after);
  }
}

function keywordTarget(
  walk: Walk,
  target: Expr,
  [presence, line]: readonly [ReadonlyMap<string, never> | Extract<Iterated, { kind: "keywords" }>["presence"], State],
): void {
  const key: Value = { kind: "other-key", presence };
  if ((target.kind === "Tuple" || target.kind === "List") && target.elts.length === 2) {
    const [name, value] = target.elts;
    if (name !== undefined) walk.assign(name, key, line);
    if (value !== undefined) walk.assign(value, { kind: "other-value" }, line);
  } else walk.assign(target, key, line);
}

/** `while`: walked once with everything unknown that its rounds change. */
export function whileLoop(walk: Walk, node: StmtOf<"If" | "While">, state: State): void {
  const line = state.fork();
  forget(node.body, line, "a while loop");
  const start = line.path.length;
  const { expr } = walk.condition(node.test, line);
  if (expr !== TRUE) line.assume(expr);
  inLoop(walk, node.body, [line, state, start]);
  forget(node.body, state, "a while loop");
  walk.run(node.orelse, state);
}

/** Names that a block binds are not known any more, and neither are local containers that it changes. */
function forget(body: readonly Stmt[], state: State, what: string): void {
  for (const name of boundIn(body))
    if (state.locals.has(name)) state.locals.set(name, untold(`what ${what} made of ${name}`));
  for (const node of everyNodeOf(body)) {
    if (node.kind !== "Call" || node.func.kind !== "Attribute" || node.func.value.kind !== "Name") continue;
    if (CHANGERS.test(node.func.attr)) loosen(node.func.value.id, state);
  }
}

const CHANGERS = /^(pop|popitem|clear|remove|discard|extend|update|insert)$/;

function loosen(name: string, state: State): void {
  const held = state.locals.get(name);
  if (held?.kind !== "container") return;
  const record = state.record("container", held.id);
  if (record !== undefined) state.heap.set(held.id, { ...record, loose: true });
}

function boundIn(block: readonly Stmt[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of everyNodeOf(block)) {
    const targets =
      node.kind === "Assign" ? node.targets : "target" in node && node.target !== null ? [node.target] : [];
    for (const target of targets) for (const name of namesIn(target)) found.add(name);
  }
  return found;
}

function namesIn(target: Expr): readonly string[] {
  if (target.kind === "Name") return [target.id];
  if (target.kind === "Tuple" || target.kind === "List") return target.elts.flatMap(namesIn);
  return target.kind === "Starred" ? namesIn(target.value) : [];
}
