import type { Expr as Predicate } from "@lem/config/invariants";
import { childrenOf } from "@lem/config/invariants";
import { and, not } from "./expr/conditions.ts";
import { FALSE, TRUE } from "./expr/intern.ts";
import { mayRaise } from "./expr/kinds.ts";
import { raising } from "./expr/terms.ts";
import { unknownIn } from "./recorder.ts";
import { NO_VALUE } from "./value.ts";
import type { At, Thrown, Walk } from "./walk.ts";

const PARENTS: Readonly<Record<string, readonly string[]>> = {
  KeyError: ["LookupError"],
  IndexError: ["LookupError"],
  ZeroDivisionError: ["ArithmeticError"],
  OverflowError: ["ArithmeticError"],
  ModuleNotFoundError: ["ImportError"],
  NotImplementedError: ["RuntimeError"],
  UnicodeDecodeError: ["ValueError"],
  PackageNotFoundError: ["ModuleNotFoundError", "ImportError"],
};

/** Whether a handler of these names catches an exception; bare and general ones catch all. */
function isCaught(names: readonly string[] | null, exception: string | null): boolean {
  if (names === null || names.includes("Exception") || names.includes("BaseException")) return true;
  if (exception === null) return false;
  return [exception, ...(PARENTS[exception] ?? [])].some((name) => names.includes(name));
}

/** An exception: it goes to the innermost handler that catches it, else out of the constructor. */
export function raise(walk: Walk, { node, state }: At, { exception, when, kind }: Thrown): void {
  if (!state.live) return;
  const condition = when === undefined ? TRUE : state.decided(when);
  if (condition === FALSE) return;
  const line = state.fork();
  line.assume(condition);
  for (const { catches, caught } of walk.tries.toReversed()) {
    const index = catches.findIndex((names) => isCaught(names, exception));
    if (index < 0) continue;
    caught[index]?.push({ state: line, value: NO_VALUE });
    walk.departures += 1;
    if (condition === TRUE) state.status = "left";
    else state.assume(not(condition));
    return;
  }
  walk.recorder.error(node, kind, line.path, exception);
  if (condition === TRUE) state.status = "raised";
}

const EXCEPTIONS: Readonly<Record<string, string>> = {
  lt: "TypeError",
  le: "TypeError",
  gt: "TypeError",
  ge: "TypeError",
  in: "TypeError",
  notIn: "TypeError",
  len: "TypeError",
  attr: "AttributeError",
  every: "TypeError",
  some: "TypeError",
  lower: "AttributeError",
  upper: "AttributeError",
  strip: "AttributeError",
};

/** The place of an operator whose evaluation raises for some values, without those for which its operands already do. */
export function raiseOf(walk: Walk, at: At, expr: Predicate): void {
  if (!mayRaise(expr)) return;
  const open = unknownIn(expr);
  if (open !== undefined) walk.recorder.give(at.node, open);
  if (open !== undefined && childrenOf(expr).every((child) => unknownIn(child) !== undefined)) return;
  const before = childrenOf(expr).filter((child) => mayRaise(child) && !("that" in expr && child === expr.that));
  const when = and(...before.map((child) => not(raising(child))), raising(expr));
  raise(walk, at, { exception: EXCEPTIONS[expr.op] ?? null, when, kind: "implicit" });
}
