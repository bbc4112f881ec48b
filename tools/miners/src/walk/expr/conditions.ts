import { childrenOf, type Expr, type PyValue } from "@lem/config/invariants";
import { FALSE, intern, isConstant, sizeOf, TRUE, withChildren } from "./intern.ts";
import { mayRaise, typeOf } from "./kinds.ts";
import { apply, choose, knownTruth, unknown } from "./terms.ts";

/** Python's `and` as a condition: flat, and cut behind what is always false. */
export function and(...conditions: readonly Expr[]): Expr {
  const found: Expr[] = [];
  for (const condition of conditions.flatMap((each) => (each.op === "all" ? each.args : [each]))) {
    if (condition === TRUE || found.includes(condition)) continue;
    if (condition === FALSE || found.includes(not(condition))) {
      const before = trimmed(found);
      return before.length === 0 ? FALSE : intern({ op: "all", args: [...before, FALSE] });
    }
    found.push(condition);
  }
  return joined(
    "all",
    found.filter((each) => !isImplied(each, found)),
  );
}

/** An alternative of which another part holds already says nothing more, unless it may raise. */
const isImplied = (part: Expr, parts: readonly Expr[]): boolean =>
  part.op === "any" && part.args.some((arg) => parts.includes(arg)) && !mayRaise(part);

/** Python's `or` as a condition: flat, and cut behind what is always true. */
export function or(...conditions: readonly Expr[]): Expr {
  const found: Expr[] = [];
  for (const condition of conditions.flatMap((each) => (each.op === "any" ? each.args : [each]))) {
    if (condition === FALSE || found.includes(condition)) continue;
    if (condition === TRUE || found.includes(not(condition))) {
      const before = trimmed(found);
      return before.length === 0 ? TRUE : intern({ op: "any", args: [...before, TRUE] });
    }
    found.push(condition);
  }
  return joined("any", found);
}

/** Conditions whose answer no longer counts, but which may raise. */
function trimmed(found: readonly Expr[]): readonly Expr[] {
  const last = found.findLastIndex(mayRaise);
  return found.slice(0, last + 1);
}

function joined(op: "all" | "any", args: readonly Expr[]): Expr {
  const [only] = args;
  if (only === undefined) return op === "all" ? TRUE : FALSE;
  return args.length === 1 ? only : intern({ op, args });
}

const OPPOSITES: Readonly<Record<string, "eq" | "ne" | "in" | "notIn">> = {
  eq: "ne",
  ne: "eq",
  in: "notIn",
  notIn: "in",
};

const NEGATIONS = new WeakMap<Expr, Expr>();

/** Python's `not` of a condition, pushed inwards where that changes neither order nor what raises. */
export function not(condition: Expr): Expr {
  const known = NEGATIONS.get(condition) ?? negated(condition);
  NEGATIONS.set(condition, known);
  return known;
}

function negated(condition: Expr): Expr {
  const known = knownTruth(condition);
  if (known !== undefined) return known ? FALSE : TRUE;
  switch (condition.op) {
    case "not":
      return condition.of;
    case "all":
      return or(...condition.args.map(not));
    case "any":
      return and(...condition.args.map(not));
    case "ite":
      return either(condition.test, not(condition.yes), not(condition.no));
    case "is":
    case "isNot":
      return intern({ ...condition, op: condition.op === "is" ? "isNot" : "is" });
    default:
      return opposite(condition);
  }
}

function opposite(condition: Expr): Expr {
  const op = OPPOSITES[condition.op];
  if (op === undefined || !("args" in condition)) return intern({ op: "not", of: condition });
  return intern({ op, args: condition.args });
}

/** A conditional whose branches are conditions. */
export function either(test: Expr, yes: Expr, no: Expr): Expr {
  if (isConstant(test)) return test === TRUE ? yes : no;
  if (yes === no) return mayRaise(test) ? intern({ op: "ite", test, yes, no }) : yes;
  if (yes === TRUE) return or(test, no);
  if (yes === FALSE) return and(not(test), no);
  if (no === TRUE) return or(not(test), yes);
  if (no === FALSE) return and(test, yes);
  return choose(test, yes, no);
}

/** A value as a condition: what matters is its truth alone. */
export function condition(expr: Expr): Expr {
  const known = knownTruth(expr);
  if (known !== undefined) return known ? TRUE : FALSE;
  switch (expr.op) {
    case "all":
      return and(...expr.args.map(condition));
    case "any":
      return or(...expr.args.map(condition));
    case "not":
      return not(condition(expr.of));
    case "ite":
      return either(condition(expr.test), condition(expr.yes), condition(expr.no));
    case "truthy":
    case "notNone":
      return ofOperand(expr.op, expr.args[0]);
    case "sub":
      return isDifference(expr) ? not(apply("subset", ...expr.args)) : intern(expr);
    default:
      return intern(expr);
  }
}

function ofOperand(op: "truthy" | "notNone", of: Expr | undefined): Expr {
  if (of === undefined) return FALSE;
  return op === "truthy" ? condition(of) : intern({ op: "isNot", of, value: null });
}

/** What is left of a set without another's elements: there is something, unless all of them are the other's, too. */
export const isDifference = (expr: Expr): boolean => expr.op === "sub" && expr.args.every(isSet);

const isSet = (expr: Expr): boolean => expr.op === "unique" || (expr.op === "const" && isSetValue(expr.value));

const isSetValue = (value: PyValue): boolean =>
  typeof value === "object" && value !== null && /^(set|frozenset)$/.test(value.type);

/** A condition as the value True or False. */
export const truthValue = (expr: Expr): Expr => (typeOf(expr) === "bool" ? expr : apply("truthy", expr));

type Known = ReadonlySet<Expr>;
const NOTHING_KNOWN: Known = new Set();

/** What else is known when a condition holds. */
function learned(known: Known, holds: Expr): Known {
  const parts = holds.op === "all" ? holds.args : [holds];
  return new Set([...known, ...parts]);
}

/** A condition without what earlier parts of it, or what is known to hold, already decide. */
export function simplified(expr: Expr, known: Known = NOTHING_KNOWN): Expr {
  if (known.has(expr)) return TRUE;
  if (known.size > 0 && known.has(not(expr))) return FALSE;
  switch (expr.op) {
    case "all":
      return and(...inTurn(expr.args, known, (part) => part));
    case "any":
      return or(...inTurn(expr.args, known, not));
    case "not":
      return not(simplified(expr.of, known));
    case "ite": {
      const test = simplified(expr.test, known);
      const yes = simplified(expr.yes, learned(known, test));
      return either(test, yes, simplified(expr.no, learned(known, not(test))));
    }
    case "some":
    case "every":
      return withChildren(expr, (child) =>
        child === expr.that ? simplified(child, known) : specialised(child, known),
      );
    default:
      return condition(specialised(expr, known));
  }
}

function inTurn(parts: readonly Expr[], before: Known, learn: (part: Expr) => Expr): readonly Expr[] {
  let known = before;
  return parts.map((part) => {
    const simple = simplified(part, known);
    known = learned(learned(known, learn(part)), learn(simple));
    return simple;
  });
}

/** A value without the branches that what is known rules out. */
function specialised(expr: Expr, known: Known): Expr {
  if (known.size === 0) return expr;
  if (expr.op === "ite") {
    const test = simplified(expr.test, known);
    if (isConstant(test)) return specialised(test === TRUE ? expr.yes : expr.no, known);
    return choose(test, specialised(expr.yes, learned(known, test)), specialised(expr.no, learned(known, not(test))));
  }
  if (expr.op === "raises") return withChildren(expr, (child) => specialised(child, known));
  const inner = withChildren(expr, (child) => specialised(child, known));
  return inner !== expr && "args" in inner && inner.op !== "all" && inner.op !== "any"
    ? apply(inner.op, ...inner.args)
    : inner;
}

/** Larger predicates are not kept: nobody can read them, and they would be slow. */
const MAX_SIZE = 400;

/** A value that a loop leaves behind is told of one of its rounds, which nobody knows. */
const LEFT_BEHIND = unknown("a value that a loop leaves behind");

/** Whether an expression reads a variable that no quantifier in it binds. */
function readsUnbound(expr: Expr, bound: ReadonlySet<string>): boolean {
  if (expr.op === "var") return !bound.has(expr.name);
  if (!("as" in expr)) return childrenOf(expr).some((child) => readsUnbound(child, bound));
  const inner = new Set([...bound, ...[expr.as].flat()]);
  const outer = expr.op === "let" ? expr.be : expr.in;
  return childrenOf(expr).some((child) => readsUnbound(child, child === outer ? bound : inner));
}

/** An expression that can be told outside of the loops of the walk. */
export const outsideLoops = (expr: Expr): Expr => (readsUnbound(expr, new Set()) ? LEFT_BEHIND : expr);

/** A condition as it is kept. */
export function predicate(expr: Expr): Expr {
  const simple = outsideLoops(simplified(expr));
  return sizeOf(simple) > MAX_SIZE ? unknown("a condition of more than 400 parts") : simple;
}

/** One way to a place that others lead to as well: a long one must not hide them. */
export const readable = (way: Expr): Expr => (sizeOf(way) > MAX_SIZE ? unknown("a way of more than 400 parts") : way);

/** A value as it is kept, where certain conditions hold. */
export function effectiveValue(expr: Expr): Expr {
  return sizeOf(expr) > MAX_SIZE ? unknown("a value of more than 400 parts") : outsideLoops(expr);
}
