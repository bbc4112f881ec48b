import type { ExceptHandler, StmtOf } from "../syntax/statements.ts";
import { lastName } from "../modules/bindings.ts";
import type { Expr } from "../syntax/expressions.ts";
import { gather } from "./merge.ts";
import type { Exit, State } from "./state.ts";
import { NO_VALUE, untold } from "./value.ts";
import type { Walk } from "./walk.ts";

/** `try`: what its body raises goes to the first handler that catches it, with the state and path it had there. */
export function tryStatement(walk: Walk, node: StmtOf<"Try">, state: State): void {
  const base = state.path;
  const before = state.frame.returns.length;
  const outer = walk.departures;
  const caught: Exit[][] = node.handlers.map(() => []);
  const tests = node.handlers.map(({ type }) => (type === null ? null : exceptionNames(type)));
  walk.tries.push({ catches: tests, caught });
  walk.run(node.body, state);
  walk.tries.pop();
  const held = caught.reduce((sum, exits) => sum + exits.length, 0);
  if (state.live) walk.run(node.orelse, state);
  const ways: Exit[] = [];
  for (const [index, handler] of node.handlers.entries()) {
    const exits = caught[index] ?? [];
    if (exits.length === 0) continue;
    const line = state.fork();
    gather(line, base, exits, false);
    handle(walk, handler, line);
    if (line.live) ways.push({ state: line, value: NO_VALUE });
  }
  const open = state.frame.returns.length > before || walk.departures - held > outer;
  if (ways.length > 0) {
    if (state.live) ways.push({ state: state.fork(), value: NO_VALUE });
    gather(state, base, ways, !open);
  } else if (state.live && !open) {
    // All that was caught is refused: like a raise, it hides what comes after, and is no condition of it.
    state.path = base;
  }
  walk.departures = Math.max(outer, walk.departures - held);
  walk.run(node.finalbody, state);
}

function handle(walk: Walk, { name, body }: ExceptHandler, line: State): void {
  if (name !== null) line.locals.set(name, untold("an exception"));
  walk.run(body, line);
}

/** Names that an `except` clause lists. */
function exceptionNames(type: Expr): readonly string[] {
  if (type.kind === "Tuple" || type.kind === "List") return type.elts.flatMap(exceptionNames);
  const name = lastName(type);
  return name === undefined ? ["Exception"] : [name];
}
