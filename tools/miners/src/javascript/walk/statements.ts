import { not } from "../../walk/expr/conditions.ts";
import { FALSE, TRUE } from "../../walk/expr/intern.ts";
import { everyNode, type Statement, type StatementOf } from "../syntax.ts";
import { since } from "./calls.ts";
import { eachOf, loop, noteBreak } from "./loops.ts";
import { declare } from "./patterns.ts";
import { UNDEFINED } from "./semantics.ts";
import { State } from "./state.ts";
import { opaque } from "./value.ts";
import type { At, Walk } from "./walk.ts";

type Runner<Kind extends Statement["type"]> = (walk: Walk, node: StatementOf<Kind>, at: At) => void;

const RUNNERS: { readonly [Kind in Statement["type"]]?: Runner<Kind> } = {
  ExpressionStatement: (walk, { expression }, at) => void walk.evaluate(expression, at),
  VariableDeclaration: declaration,
  BlockStatement: (walk, { body }, at) => runBlock(walk, body, at),
  ReturnStatement: (walk, { argument }, at) => {
    const value = argument ? walk.evaluate(argument, at) : UNDEFINED;
    at.frame.returned.push({ when: since(at), value });
    at.state.departed = "returned";
  },
  ThrowStatement: throwing,
  IfStatement: branch,
  SwitchStatement: (walk, node, at) => {
    walk.evaluate(node.discriminant, at);
    forget(walk, node, at);
  },
  TryStatement: trying,
  WhileStatement: (walk, { test, body }, at) => loop(walk, { test, body }, at),
  DoWhileStatement: (walk, { body }, at) => loop(walk, { test: null, body }, at),
  ForStatement: (walk, { init, test, body }, at) => {
    if (init?.type === "VariableDeclaration") declaration(walk, init, at);
    else if (init) walk.evaluate(init, at);
    loop(walk, { test: test ?? null, body }, at);
  },
  ForOfStatement: (walk, { left, right, body }, at) => eachOf(walk, { left, right, body, keys: false }, at),
  ForInStatement: (walk, { left, right, body }, at) => eachOf(walk, { left, right, body, keys: true }, at),
  LabeledStatement: (walk, { body }, at) => walk.run([body], at),
  BreakStatement: (walk, { label }, at) => {
    if (!label) noteBreak(walk, at);
    at.state.departed = "left";
  },
  ContinueStatement: (_, __, { state }) => void (state.departed = "left"),
};

/** Runs statements, functions first. */
export function run(walk: Walk, block: readonly Statement[], at: At): void {
  for (const each of block) {
    if (each.type !== "FunctionDeclaration" || !each.id) continue;
    const { module, scope, self } = at.frame;
    declare(walk, each.id, at);
    walk.bind(each.id, { kind: "function", node: each, module, scope, self, owner: undefined }, at);
  }
  for (const each of block) {
    if (!at.state.isLive) return;
    runOne(walk, each, at);
  }
}

function runBlock(walk: Walk, block: readonly Statement[], { state, frame }: At): void {
  walk.run(block, { state, frame: { ...frame, scope: { names: new Map(), parent: frame.scope } } });
}

function runOne(walk: Walk, node: Statement, at: At): void {
  walk.budget -= 1;
  const runner = RUNNERS[node.type] as ((walk: Walk, node: Statement, at: At) => void) | undefined;
  runner?.(walk, node, at);
}

function declaration(walk: Walk, { declarations }: StatementOf<"VariableDeclaration">, at: At): void {
  for (const { id, init } of declarations) {
    const value = init ? walk.evaluate(init, at) : UNDEFINED;
    declare(walk, id, at);
    walk.bind(id, value, at);
  }
}

/** An error that another function threw before is no refusal of its own. */
function throwing(walk: Walk, node: StatementOf<"ThrowStatement">, at: At): void {
  const { state, frame } = at;
  const { argument } = node;
  walk.evaluate(argument, at);
  if (argument.type === "NewExpression")
    walk.recorder.refuse(
      {
        node,
        path: frame.module.path,
        qualname: frame.qualname,
        kind: "raise",
        exception: argument.callee.type === "Identifier" ? argument.callee.name : null,
        when: TRUE,
        depth: walk.stack.length,
      },
      state.condition,
    );
  state.departed = "thrown";
}

function branch(walk: Walk, { test, consequent, alternate }: StatementOf<"IfStatement">, at: At): void {
  const { state, frame } = at;
  const condition = state.known(walk.truth(walk.evaluate(test, at)));
  if (condition === TRUE || condition === FALSE) {
    const only = condition === TRUE ? consequent : alternate;
    if (only) runOne(walk, only, at);
    return;
  }
  const [yes, no] = [new State(state, condition), new State(state, not(condition))];
  side(walk, consequent, { state: yes, frame });
  if (alternate && no.isLive) side(walk, alternate, { state: no, frame });
  state.join(condition, yes, no);
}

/** One side of a branch. One that is left by a `return` on some of its lines is not only refused. */
function side(walk: Walk, node: Statement, { state, frame }: At): void {
  const before = frame.returned.length;
  runOne(walk, node, { state, frame });
  if (state.departed === "thrown" && frame.returned.length > before) state.departed = "left";
}

/** What a handler lets go on counts as taken back; one that throws lets through. */
function trying(walk: Walk, { block, handler, finalizer }: StatementOf<"TryStatement">, at: At): void {
  const { state, frame } = at;
  const takes = handler && !throwsIn(handler.body);
  if (takes) walk.recorder.caught += 1;
  const inside = new State(state);
  runBlock(walk, block.body, { state: inside, frame });
  if (takes) walk.recorder.caught -= 1;
  for (const [id, value] of inside.variables) state.variables.set(id, value);
  for (const [id, value] of inside.heap) state.heap.set(id, value);
  if (takes && inside.departed === "thrown") runBlock(walk, handler.body.body, at);
  else {
    state.path = inside.path;
    state.departed = inside.departed;
  }
  if (finalizer) {
    const departed = state.departed;
    state.departed = undefined;
    runBlock(walk, finalizer.body, at);
    state.departed ??= departed;
  }
}

const throwsIn = (node: object): boolean => [...everyNode(node)].some(({ type }) => type === "ThrowStatement");

/** What a statement that is not followed may have changed is not known any more. */
function forget(walk: Walk, node: Statement, at: At): void {
  for (const each of everyNode(node))
    if (each.type === "AssignmentExpression") walk.bind(each["left"], opaque("what a switch leaves"), at);
}
