import type { Expr as Predicate } from "@lem/config/invariants";
import { childrenOf } from "@lem/config/invariants";
import { not } from "./expr/conditions.ts";
import { FALSE, TRUE } from "./expr/intern.ts";
import { isNumber, raisesItself } from "./expr/kinds.ts";
import { raising } from "./expr/terms.ts";
import { unknownIn } from "./recorder.ts";
import { numbersBy, numbersIn, type State } from "./state.ts";
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

/** What an operator or conversion raises whose exception depends on the value; a handler for one is taken to catch it. */
const OPERATORS_RAISE = /^(TypeError|ValueError|LookupError|IndexError|KeyError)$/;

/** Whether a handler of these names catches an exception; bare and general ones catch all. */
function isCaught(names: readonly string[] | null, exception: string | null): boolean {
  if (names === null || names.includes("Exception") || names.includes("BaseException")) return true;
  if (exception === null) return names.some((name) => OPERATORS_RAISE.test(name));
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
  else state.trust(...numbersBy(not(condition)));
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

/** The place of an operator whose evaluation raises for some values. Operands that raise are places of their own, before. */
export function raiseOf(walk: Walk, at: At, expr: Predicate): void {
  const { state, node } = at;
  if (!raisesItself(expr) || state.sound.has(expr) || isSound(expr, state)) return;
  const open = unknownIn(expr);
  if (open !== undefined) walk.recorder.give(node, open);
  else raise(walk, at, { exception: EXCEPTIONS[expr.op] ?? null, when: raising(expr), kind: "implicit" });
  if (state.live)
    state.trust(expr, ...(ORDERING.test(expr.op) ? numbersIn(expr) : NUMERIC.test(expr.op) ? childrenOf(expr) : []));
}

const ORDERING = /^(lt|le|gt|ge)$/;
const NUMERIC = /^(abs|neg)$/;
const ARITHMETIC = /^(lt|le|gt|ge|abs|neg|add|sub|mul|min|max)$/;

/** Comparing and adding numbers does not raise, and neither does looking for what has a hash. */
function isSound(expr: Predicate, { sound, path }: State): boolean {
  const [needle] = childrenOf(expr);
  if (expr.op === "in" || expr.op === "notIn")
    return path.some((item) => item.kind === "when" && isHashTest(item.expr, needle));
  return ARITHMETIC.test(expr.op) && childrenOf(expr).every((each) => isNumber(each) || isSoundNumber(each, sound));
}

const isHashTest = (holds: Predicate, of: Predicate | undefined): boolean =>
  holds.op === "type" && holds.of === of && holds.classes.every((name) => /^(none|bool|int|float|str)$/.test(name));

function isSoundNumber(expr: Predicate, sound: ReadonlySet<Predicate>): boolean {
  if (sound.has(expr)) return true;
  return expr.op === "ite" && [expr.yes, expr.no].every((each) => isNumber(each) || isSoundNumber(each, sound));
}
