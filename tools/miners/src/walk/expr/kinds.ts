import { childrenOf, typeName, type Expr } from "@lem/config/invariants";

const BOOLEAN =
  /^(eq|ne|lt|le|gt|ge|between|is|isNot|type|exactType|isSet|isDefault|in|notIn|not|every|some|pairwise|raises|hasAttr|matches|notNone|truthy|subset|disjoint|startsWith|endsWith)$/;
const LISTS = /^(list|sorted|keys|values|items|zip|distinct)$/;
const TOTAL =
  /^(eq|ne|notNone|truthy|is|isNot|type|exactType|not|all|any|ite|list|tuple|hasAttr|str|isSet|isDefault|const|field|var|fact|domain)$/;
const ORDERING = /^(lt|le|gt|ge|between)$/;
const NUMERIC = new Set(["bool", "int", "float"]);

/** The type that operators give whatever their operands are. */
const RESULTS: Readonly<Record<string, string>> = {
  len: "int",
  count: "int",
  int: "int",
  str: "str",
  tuple: "tuple",
  set: "set",
  unique: "set",
};

/** The fact that holds a module's constants of one type, by name. */
export const membersFact = (module: string, type: string): string => `members(${module},${type})`;

/** The type of what is looked up in such a fact; the look-up stands only where the name is there. */
function memberType(expr: Expr): string | undefined {
  const [of] = expr.op === "index" ? expr.args : [];
  return of?.op === "fact" ? /^members\(.*,(.*)\)$/.exec(of.name)?.[1] : undefined;
}

/** The name of the type that an expression certainly has where it has a value; undefined when it is open. */
export function typeOf(expr: Expr): string | undefined {
  if (expr.op === "const") return expr.value === null ? "none" : typeName(expr.value);
  if (BOOLEAN.test(expr.op)) return "bool";
  if (LISTS.test(expr.op)) return "list";
  if (expr.op === "ite") return same([expr.yes, expr.no]);
  if (expr.op === "index") return memberType(expr);
  return RESULTS[expr.op] ?? ("args" in expr ? ofOperands(expr.op, expr.args) : undefined);
}

function ofOperands(op: Expr["op"], args: readonly Expr[]): string | undefined {
  switch (op) {
    case "all":
    case "any":
      return same(args);
    case "add":
    case "sub":
    case "mul":
      return args.every(isNumber) ? sumType(args) : undefined;
    case "sum":
      return args.every(isNumberList) ? "int" : undefined;
    default:
      return undefined;
  }
}

function same(exprs: readonly Expr[]): string | undefined {
  const [first, ...rest] = exprs.map(typeOf);
  return rest.every((type) => type === first) ? first : undefined;
}

const isNumberList = (expr: Expr): boolean => expr.op === "list" && expr.args.every(isNumber);

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

/** What the first operand, or every operand, must be so that an operator does not raise. */
const SAFE_FOR: Readonly<Record<string, (operands: readonly Expr[]) => boolean>> = {
  in: (operands) => isSafeMembership(operands),
  notIn: (operands) => isSafeMembership(operands),
  len: (operands) => operands.every(isSized),
  keys: (operands) => operands.every(isDict),
  values: (operands) => operands.every(isDict),
  items: (operands) => operands.every(isDict),
  get: (operands) => operands.slice(0, 1).every(isDict),
  add: (operands) => operands.every(isNumber),
  sub: (operands) => operands.every(isNumber),
  mul: (operands) => operands.every(isNumber),
  neg: (operands) => operands.every(isNumber),
  abs: (operands) => operands.every(isNumber),
  subset: (operands) => operands.every(isSetLike),
  disjoint: (operands) => operands.every(isSetLike),
  sum: (operands) => operands.every(isNumberList),
  lower: (operands) => operands.every(isText),
  upper: (operands) => operands.every(isText),
  strip: (operands) => operands.every(isText),
};

/** Whether the operator may raise although its operands do not. */
export function raisesItself(expr: Expr): boolean {
  if (TOTAL.test(expr.op) || memberType(expr) !== undefined) return false;
  if (ORDERING.test(expr.op)) return !childrenOf(expr).every(isNumber) && !childrenOf(expr).every(isText);
  if (expr.op === "raises") return expr.exception !== "Exception" && mayRaise(expr.of);
  if (expr.op === "every" || expr.op === "some" || expr.op === "count") return typeOf(expr.in) === undefined;
  const isSafe = SAFE_FOR[expr.op];
  return isSafe === undefined || !isSafe(childrenOf(expr));
}

const isSetLike = (expr: Expr): boolean => /^(set|frozenset)$/.test(typeOf(expr) ?? "");
const isDict = (expr: Expr): boolean => typeOf(expr) === "dict";
const isText = (expr: Expr): boolean => typeOf(expr) === "str";
const isSized = (expr: Expr): boolean => /^(list|tuple|dict|set|frozenset|str)$/.test(typeOf(expr) ?? "");

function isSafeMembership([needle, container]: readonly Expr[]): boolean {
  const type = container === undefined ? undefined : typeOf(container);
  if (type === "list" || type === "tuple") return true;
  if (needle === undefined || type === undefined) return false;
  return type === "str" ? isText(needle) : isHashable(needle);
}
