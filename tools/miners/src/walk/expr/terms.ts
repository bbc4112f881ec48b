import {
  childrenOf,
  evaluateValue,
  isFault,
  isObject,
  type Expr,
  type OperatorName,
  type PyValue,
} from "@lem/config/invariants";
import { constant, intern, isConstant, NONE } from "./intern.ts";
import { membersFact, typeOf } from "./kinds.ts";

/** The user's value of a parameter. */
export const field = (path: string): Expr => intern({ op: "field", path });
/** Whether the user gave a parameter. */
export const isSet = (path: string): Expr => intern({ op: "isSet", path });
/** A value that is looked up among an Enum's members and is none of theirs. */
export const LOOKED_UP: Expr = field("looked-up");
/** A variable of a quantifier. */
export const variable = (name: string): Expr => intern({ op: "var", name });
/** Something about the machine, the environment or the installed packages. */
export const fact = (name: string): Expr => intern({ op: "fact", name });
/** The constant of a module that a text of the user's names, where it names one of that type. */
export const member = (module: string, type: string, key: Expr): Expr =>
  intern({ op: "index", args: [fact(membersFact(module, type)), key] });
/** What cannot be translated, with the reason. */
export const unknown = (what: string): Expr => intern({ op: "unknown", what: what.slice(0, 200) });

const NOWHERE = { declared: new Map<string, PyValue>() };

/** The value of an expression without user values in it; itself where Python would raise or no value is known. */
function folded(expr: Expr): Expr {
  const own = intern(expr);
  if (isConstant(own) || own.op === "unknown" || !childrenOf(own).every(isConstant)) return own;
  if (/^(field|var|fact|isSet|isDefault|domain)$/.test(own.op)) return own;
  const value = evaluateValue(own, NOWHERE);
  return isFault(value) ? own : constant(value);
}

/** Operators that are tried on both branches of a conditional operand, since a branch often decides them. */
const SPREADING = /^(len|eq|ne|in|notIn|truthy|notNone|lower|upper|strip|not)$/;

/** An operator on operands. */
export function apply(op: OperatorName, ...args: readonly Expr[]): Expr {
  const at = SPREADING.test(op) ? args.findIndex((arg) => arg.op === "ite") : -1;
  const branching = args[at];
  if (branching?.op === "ite" && args.every((arg, index) => index === at || isConstant(arg))) {
    const other = (branch: Expr): Expr => apply(op, ...args.map((arg, index) => (index === at ? branch : arg)));
    return choose(branching.test, other(branching.yes), other(branching.no));
  }
  if (op === "get" || op === "index") {
    const found = lookedUp(op, args);
    if (found !== undefined) return found;
  }
  if (op === "len" && args[0] !== undefined && (args[0].op === "list" || args[0].op === "tuple"))
    return constant(childrenOf(args[0]).length);
  return folded({ op, args });
}

/** Longer mappings are looked up as a whole. */
const MAX_KEYS = 16;

/** An item of a constant mapping by the user's key, key by key: the mapping itself may hold the engine's words. */
function lookedUp(op: "get" | "index", [dict, key, otherwise]: readonly Expr[]): Expr | undefined {
  if (dict === undefined || key === undefined || !isConstant(dict) || isConstant(key)) return undefined;
  const { value } = dict;
  if (value === null || typeof value !== "object" || value.type !== "dict" || value.index.size > MAX_KEYS)
    return undefined;
  const last = op === "get" ? (otherwise ?? NONE) : unknown("a missing key");
  return [...value.index.values()].reduceRight(
    (no, [each, item]) => choose(apply("eq", key, constant(each)), constant(item), no),
    last,
  );
}

/** Python's `yes if test else no`; the test is a condition. */
export function choose(test: Expr, yes: Expr, no: Expr): Expr {
  if (isConstant(test)) return test.value === true ? yes : no;
  if (yes === no) return yes;
  if (test.op === "not") return choose(test.of, no, yes);
  return intern({ op: "ite", test, yes, no });
}

/** Why a value is not told that a validating constructor converts: whatever it becomes, it does not become None. */
export const CONVERTED = "what validation makes of a value of another type";

/** Python's `of is value`. */
export function identical(of: Expr, value: null | boolean): Expr {
  if (of.op === "unknown" && of.what === CONVERTED && value === null) return constant(false);
  if (of.op === "ite") return choose(of.test, identical(of.yes, value), identical(of.no, value));
  const type = typeOf(of);
  if (type !== undefined && type !== (value === null ? "none" : "bool")) return constant(false);
  if (value === null && isCalculated(of)) return constant(false);
  return folded({ op: "is", of, value });
}

/** Whether a value comes from arithmetic, which gives no None: it raises before. */
const isCalculated = (of: Expr): boolean =>
  /^(add|sub|mul|div|floordiv|mod|pow|neg|abs)$/.test(of.op) ||
  ((of.op === "max" || of.op === "min") && childrenOf(of).length > 1 && childrenOf(of).every(isNeverNone));

const isNeverNone = (of: Expr): boolean => isCalculated(of) || (isConstant(of) && of.value !== null);

/** `isinstance(of, classes)`, or a test of the exact type. */
export function typed(of: Expr, classes: readonly string[], exact = false): Expr {
  if (of.op === "ite") return choose(of.test, typed(of.yes, classes, exact), typed(of.no, classes, exact));
  const type = typeOf(of);
  if (type !== undefined && !(isConstant(of) && isObject(of.value)))
    return constant(classes.some((name) => name === type || (!exact && isBase(name, type))));
  return folded({ op: exact ? "exactType" : "type", of, classes });
}

const isBase = (name: string, type: string): boolean => name === "object" || (name === "int" && type === "bool");

/** Whether evaluating raises anything. */
export const raising = (of: Expr): Expr => intern({ op: "raises", of, exception: "Exception" });

/** `of.name`. */
export const attribute = (of: Expr, name: string): Expr => intern({ op: "attr", of, name });

/** The truth of a value as a constant; undefined when it depends on the user. */
export function knownTruth(expr: Expr): boolean | undefined {
  if (isConstant(expr)) {
    const truth = evaluateValue({ op: "truthy", args: [expr] }, NOWHERE);
    return typeof truth === "boolean" ? truth : undefined;
  }
  return expr.op === "list" || expr.op === "tuple" || expr.op === "set" ? expr.args.length > 0 : undefined;
}

/** A list, tuple or set of values; constant when all of them are. */
export const display = (op: "list" | "tuple" | "set", items: readonly Expr[]): Expr => folded({ op, args: items });

/** The items of a display or constant sequence; undefined for what only the user knows. */
export function itemsOf(expr: Expr): readonly Expr[] | undefined {
  if (expr.op === "list" || expr.op === "tuple") return expr.args;
  if (!isConstant(expr) || expr.value === null || typeof expr.value !== "object") return undefined;
  const { value } = expr;
  if ("items" in value) return value.items.map(constant);
  if (value.type === "dict") return [...value.index.values()].map(([key]) => constant(key));
  return value.type === "set" || value.type === "frozenset" ? [...value.index.values()].map(constant) : undefined;
}

/** The text that an expression certainly is. */
export const textOf = (expr: Expr): string | undefined =>
  isConstant(expr) && typeof expr.value === "string" ? expr.value : undefined;
