import type { Expr } from "@lem/config/invariants";
import { and, not } from "../../walk/expr/conditions.ts";
import { constant, FALSE, TRUE } from "../../walk/expr/intern.ts";
import { apply, variable } from "../../walk/expr/terms.ts";
import { everyNode, type Expression, type Located, type Statement, type StatementOf } from "../syntax.ts";
import { variableOf } from "./names.ts";
import { declare } from "./patterns.ts";
import { data, isA, isList, open, text, UNDEFINED } from "./semantics.ts";
import { State } from "./state.ts";
import { chosen, opaque, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

interface Loop {
  readonly test: Expression | null;
  readonly body: Statement;
}

/** Notes with what a loop's first round is left by `break`. */
export function noteBreak(walk: Walk, { state }: At): void {
  const innermost = walk.loops.at(-1);
  innermost?.breaks.push({ when: and(...state.path.slice(innermost.since)), variables: new Map(state.variables) });
}

/** The first round is walked as it is; what later rounds change is not known afterwards. */
export function loop(walk: Walk, { test, body }: Loop, at: At): void {
  const { state } = at;
  const enters = test === null ? TRUE : walk.truth(walk.evaluate(test, at));
  if (enters === FALSE) return;
  const inside = round(walk, body, [enters, at]);
  const isEndless = test !== null && enters === TRUE && !inside.isLive;
  if (isEndless && inside.departed !== "left") state.departed = inside.departed;
  else if (inside.departed === "returned" && enters !== TRUE) state.path = [...state.path, not(enters)];
}

/** Walks one round where it is entered, and keeps what is known of the variables afterwards. */
function round(walk: Walk, body: Statement, [enters, at]: readonly [Expr, At]): State {
  const { state, frame } = at;
  const inside = new State(state, enters);
  walk.loops.push({ since: inside.path.length, breaks: [] });
  walk.run([body], { state: inside, frame });
  const breaks = walk.loops.pop()?.breaks ?? [];
  for (const [id, made] of inside.heap) if (!state.heap.has(id)) state.heap.set(id, made);
  for (const id of assignedIn(body, at)) {
    const later = breaks.reduceRight<Value>(
      (rest, { when, variables }) => chosen(when, variables.get(id) ?? rest, rest),
      opaque("what a loop leaves"),
    );
    state.variables.set(id, chosen(not(enters), state.variables.get(id) ?? UNDEFINED, later));
  }
  return inside;
}

/** Variables that a loop puts values into, of those that are there before it. */
function assignedIn(body: Statement, { frame }: At): ReadonlySet<number> {
  const found = new Set<number>();
  for (const each of everyNode(body)) {
    if (each.type !== "AssignmentExpression" && each.type !== "UpdateExpression") continue;
    const target = (each["left"] ?? each["argument"]) as Expression;
    const id = target.type === "Identifier" ? variableOf(target.name, frame.scope) : undefined;
    if (id !== undefined) found.add(id);
  }
  return found;
}

interface Each {
  readonly left: { readonly type: string };
  readonly right: Expression;
  readonly body: Statement;
  readonly keys: boolean;
}

const MOST_ROUNDS = 64;

/** Known items one after another; of the user's lists any one item, and of others one that nothing is known of. */
export function eachOf(walk: Walk, each: Each, at: At): void {
  over(walk, walk.evaluate(each.right, at), each, at);
}

function over(walk: Walk, of: Value, each: Each, at: At): void {
  if (of.kind === "choice") {
    const { state, frame } = at;
    const [yes, no] = [new State(state, of.test), new State(state, not(of.test))];
    if (yes.isLive) over(walk, of.yes, each, { state: yes, frame });
    if (no.isLive) over(walk, of.no, each, { state: no, frame });
    state.join(of.test, yes, no);
    return;
  }
  const items = itemsOf(of, each.keys, at);
  if (items !== undefined) overKnown(walk, items, each, at);
  else if (of.kind === "data" && !each.keys) overGiven(walk, of, each, at);
  else loop(walk, { test: null, body: each.body }, bound(walk, opaque("an item of a list"), each, at));
}

function overKnown(walk: Walk, items: readonly Value[], each: Each, at: At): void {
  for (const item of items.slice(0, MOST_ROUNDS)) {
    walk.run([each.body], bound(walk, item, each, at));
    if (at.state.departed === "left") at.state.departed = undefined;
    if (!at.state.isLive) return;
  }
}

/** What a user gave: any item of a list, a letter of a text; nothing else has items. */
function overGiven(walk: Walk, of: Value & { kind: "data" }, each: Each, at: At): void {
  const [listed, texts] = [isList(of), isA(of, "string")];
  refuseOthers(walk, and(not(listed), not(texts)), each.right, at);
  if (listed !== FALSE) {
    const item = `item${walk.newId()}`;
    walk.recorder.quantifiers.push({ as: item, in: of.expr, listed });
    round(walk, each.body, [listed, bound(walk, data(variable(item)), each, at)]);
    walk.recorder.quantifiers.pop();
  }
  const letters = and(texts, apply("ne", of.expr, constant("")));
  if (letters !== FALSE) round(walk, each.body, [letters, bound(walk, open("a letter", "string"), each, at)]);
}

function refuseOthers(walk: Walk, when: Expr, node: Located, { state, frame }: At): void {
  if (when === FALSE) return;
  walk.recorder.refuse(
    {
      node,
      path: frame.module.path,
      qualname: frame.qualname,
      kind: "implicit",
      operator: "iteration",
      exception: "TypeError",
      when,
      depth: walk.stack.length,
    },
    state.condition,
  );
}

/** A scope of the round's own, in which the item has its name. */
function bound(walk: Walk, item: Value, { left }: Each, { state, frame }: At): At {
  const scope = { names: new Map<string, number>(), parent: frame.scope };
  const inner: At = { state, frame: { ...frame, scope } };
  const pattern =
    left.type === "VariableDeclaration" ? (left as StatementOf<"VariableDeclaration">).declarations[0]?.id : left;
  declare(walk, pattern, inner);
  walk.bind(pattern, item, inner);
  return inner;
}

function itemsOf(of: Value, keys: boolean, { state }: At): readonly Value[] | undefined {
  const object = of.kind === "object" ? state.heap.get(of.id) : undefined;
  if (object === undefined || object.spread.length > 0) return undefined;
  const names = [...object.properties.keys()].filter((name) => !object.isList || name !== "length");
  if (keys) return names.map(text);
  return object.isList ? names.map((name) => object.properties.get(name) ?? UNDEFINED) : undefined;
}
