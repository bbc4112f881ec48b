import { childrenOf, typeName, type Expr } from "@lem/config/invariants";

const BOOLEAN =
  /^(eq|ne|lt|le|gt|ge|between|is|isNot|type|exactType|isSet|isDefault|in|notIn|not|every|some|pairwise|raises|hasAttr|matches|notNone|truthy|subset|disjoint|startsWith|endsWith)$/;
const LISTS = /^(list|sorted|keys|values|items|zip|distinct)$/;
const TOTAL =
  /^(eq|ne|notNone|truthy|is|isNot|type|exactType|not|all|any|ite|list|tuple|hasAttr|isSet|isDefault|const|field|var|fact|domain)$/;
const ORDERING = /^(lt|le|gt|ge|between)$/;
const NUMERIC = new Set(["bool", "int", "float"]);

/** The name of the type that an expression certainly has where it has a value; undefined when it is open. */
export function typeOf(expr: Expr): string | undefined {
  if (expr.op === "const") return expr.value === null ? "none" : typeName(expr.value);
  if (BOOLEAN.test(expr.op)) return "bool";
  if (LISTS.test(expr.op)) return "list";
  switch (expr.op) {
    case "len":
    case "count":
      return "int";
    case "tuple":
    case "set":
      return expr.op;
    case "unique":
      return "set";
    case "ite":
      return same([expr.yes, expr.no]);
    case "all":
    case "any":
      return same(expr.args);
    case "add":
    case "sub":
    case "mul":
      return expr.args.every(isNumber) ? sumType(expr.args) : undefined;
    default:
      return undefined;
  }
}

function same(exprs: readonly Expr[]): string | undefined {
  const [first, ...rest] = exprs.map(typeOf);
  return rest.every((type) => type === first) ? first : undefined;
}

/** bool + bool is an int. */
const sumType = (args: readonly Expr[]): string => (args.some((arg) => typeOf(arg) === "float") ? "float" : "int");

/** True when the value certainly is a bool, int or float. */
export function isNumber(expr: Expr): boolean {
  const type = typeOf(expr);
  if (type !== undefined) return NUMERIC.has(type);
  return expr.op === "ite" && isNumber(expr.yes) && isNumber(expr.no);
}

const isHashable = (expr: Expr): boolean => /^(bool|int|float|str|none)$/.test(typeOf(expr) ?? "");

const RAISING = new WeakMap<Expr, boolean>();

/** False only when no input makes the evaluation raise. */
export function mayRaise(expr: Expr): boolean {
  const known = RAISING.get(expr);
  if (known !== undefined) return known;
  const result = raisesItself(expr) || (expr.op !== "raises" && childrenOf(expr).some(mayRaise));
  RAISING.set(expr, result);
  return result;
}

/** Whether the operator may raise although its operands do not. */
export function raisesItself(expr: Expr): boolean {
  if (TOTAL.test(expr.op)) return false;
  if (ORDERING.test(expr.op)) return !childrenOf(expr).every(isNumber) && !childrenOf(expr).every(isText);
  switch (expr.op) {
    case "raises":
      return expr.exception !== "Exception" && mayRaise(expr.of);
    case "in":
    case "notIn":
      return !isSafeMembership(expr.args);
    case "every":
    case "some":
    case "count":
      return typeOf(expr.in) === undefined;
    case "len":
      return !expr.args.every(isSized);
    case "keys":
    case "values":
    case "items":
    case "get":
      return !expr.args.slice(0, 1).every((arg) => typeOf(arg) === "dict");
    case "add":
    case "sub":
    case "mul":
    case "neg":
    case "abs":
      return !expr.args.every(isNumber);
    case "lower":
    case "upper":
    case "strip":
      return !expr.args.every(isText);
    default:
      return true;
  }
}

const isText = (expr: Expr): boolean => typeOf(expr) === "str";
const isSized = (expr: Expr): boolean => /^(list|tuple|dict|set|frozenset|str)$/.test(typeOf(expr) ?? "");

function isSafeMembership([needle, container]: readonly Expr[]): boolean {
  const type = container === undefined ? undefined : typeOf(container);
  if (type === "list" || type === "tuple") return true;
  if (needle === undefined || type === undefined) return false;
  return type === "str" ? isText(needle) : isHashable(needle);
}
