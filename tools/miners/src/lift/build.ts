import type { Expr, OperatorName, PyValue } from "@lem/config/invariants";

/** A constant. */
export const value = (constant: PyValue): Expr => ({ op: "const", value: constant });

/** A function of its operands. */
export const apply = (op: OperatorName, ...args: readonly Expr[]): Expr => ({ op, args });

/** A condition that is certain, if it is. */
export const constantOf = (expr: Expr): boolean | undefined =>
  expr.op === "const" && typeof expr.value === "boolean" ? expr.value : undefined;

/** Python's `and` of conditions that do not raise: certain ones are left out. */
export const all = (...args: readonly Expr[]): Expr => junction("all", args, true);

/** Python's `or` of conditions that do not raise. */
export const any = (...args: readonly Expr[]): Expr => junction("any", args, false);

function junction(op: "all" | "any", args: readonly Expr[], neutral: boolean): Expr {
  const flat = args.flatMap((arg) => (arg.op === op ? arg.args : [arg]));
  const rest = flat.filter((arg) => constantOf(arg) !== neutral);
  const decided = rest.find((arg) => constantOf(arg) === !neutral);
  if (decided !== undefined) return decided;
  const [only = value(neutral)] = rest;
  return rest.length > 1 ? { op, args: rest } : only;
}

/** `or` of conditions with what all of them begin with said once. */
export function anyOf(conditions: readonly Expr[]): Expr {
  const lines = conditions.map((each) => (each.op === "all" ? each.args : [each]));
  const [first = []] = lines;
  const end = first.findIndex((part, place) => lines.some((line) => line[place] !== part));
  const shared = end < 0 ? first.length : end;
  return all(...first.slice(0, shared), any(...lines.map((line) => all(...line.slice(shared)))));
}

/** Python's `not`. */
export function not(of: Expr): Expr {
  const known = constantOf(of);
  if (known !== undefined) return value(!known);
  return of.op === "not" ? of.of : { op: "not", of };
}

/** Python's `yes if test else no`. */
export function either(test: Expr, yes: Expr, no: Expr): Expr {
  const known = constantOf(test);
  if (known !== undefined) return known ? yes : no;
  return { op: "ite", test, yes, no };
}

/** `isinstance(of, classes)`. */
export const isType = (of: Expr, ...classes: readonly string[]): Expr => ({ op: "type", of, classes });

/** `type(of) in classes`. */
export const isExactly = (of: Expr, ...classes: readonly string[]): Expr => ({ op: "exactType", of, classes });

/** What the language cannot say. */
export const unknown = (what: string): Expr => ({ op: "unknown", what });

/** A condition on some element of a collection. */
export const some = (collection: Expr, as: string, that: Expr): Expr =>
  constantOf(that) === false ? that : { op: "some", in: collection, as, that };

/** A condition on every element of a collection. */
export const every = (collection: Expr, as: string, that: Expr): Expr =>
  constantOf(that) === true ? that : { op: "every", in: collection, as, that };

/** A quantifier's variable. */
export const variable = (name: string): Expr => ({ op: "var", name });

/** `re.fullmatch(pattern, of) is not None`; `of` must be a text. */
export const matches = (of: Expr, pattern: string): Expr => ({ op: "matches", of, pattern });
