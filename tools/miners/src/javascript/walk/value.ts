import type { Expr } from "@lem/config/invariants";
import { and, either, not, or } from "../../walk/expr/conditions.ts";
import { FALSE, isConstant, TRUE } from "../../walk/expr/intern.ts";
import { choose } from "../../walk/expr/terms.ts";
import type { ClassInfo, Module } from "../package-index.ts";
import type { FunctionNode } from "../syntax.ts";

/** Names in sight, each with the number of its variable. */
export interface Scope {
  readonly names: Map<string, number>;
  readonly parent: Scope | undefined;
}

/** Data over the user's input. `undefined` is None where `missing` holds. */
export interface Data {
  readonly kind: "data";
  readonly expr: Expr;
  readonly missing: Expr;
  /** The primitive type that it certainly has; it then is neither null nor undefined. */
  readonly js: "number" | "boolean" | "string" | undefined;
  /** Of a number, when it is NaN; absent where that is not told apart from the rest. */
  readonly nan?: Expr | undefined;
  /** A number below which it never is. */
  readonly least?: number | undefined;
}

/** A function with what it sees. */
export interface FunctionValue {
  readonly kind: "function";
  readonly node: FunctionNode;
  readonly module: Module;
  readonly scope: Scope;
  /** `this`; of an arrow function the one around it. */
  readonly self: Value | undefined;
  /** The class that has it as a method. */
  readonly owner: string | undefined;
}

/** What an expression of the engine's program comes to. */
export type Value =
  | Data
  | FunctionValue
  | { readonly kind: "input" }
  | { readonly kind: "object"; readonly id: number }
  | { readonly kind: "class"; readonly cls: ClassInfo }
  | { readonly kind: "live"; readonly path: string }
  | { readonly kind: "foreign"; readonly name: string }
  | { readonly kind: "native"; readonly name: string }
  | { readonly kind: "typeof"; readonly of: Value }
  | { readonly kind: "choice"; readonly test: Expr; readonly yes: Value; readonly no: Value }
  | { readonly kind: "opaque"; readonly what: string };

/** A condition that is one of two; what is tested never raises here, so it goes where both are the same. */
export function decided(test: Expr, yes: Expr, no: Expr): Expr {
  if (yes === no) return yes;
  const opposite = not(test);
  if (no === test || no === FALSE) return and(test, yes);
  if (no === opposite) return or(opposite, yes);
  if (yes === opposite) return and(opposite, no);
  return yes === test ? or(test, no) : either(test, yes, no);
}

/** A value of which nothing is known. */
export const opaque = (what: string): Value => ({ kind: "opaque", what });

const isTruth = ({ js }: Data): boolean => js === "boolean";

/** Data that is one of two. */
export const merged = (test: Expr, yes: Data, no: Data): Data => ({
  kind: "data",
  expr: isTruth(yes) && isTruth(no) ? decided(test, yes.expr, no.expr) : choose(test, yes.expr, no.expr),
  missing: decided(test, yes.missing, no.missing),
  js: yes.js === no.js ? yes.js : undefined,
  ...(yes.nan === undefined || no.nan === undefined ? {} : { nan: decided(test, yes.nan, no.nan) }),
  ...(yes.least === undefined || no.least === undefined ? {} : { least: Math.min(yes.least, no.least) }),
});

/** One value where a condition holds, else another. */
export function chosen(test: Expr, yes: Value, no: Value): Value {
  if (isConstant(test)) return test === TRUE ? yes : no;
  if (yes === no) return yes;
  if (yes.kind === "data" && no.kind === "data" && yes.js === no.js) return merged(test, yes, no);
  if (yes.kind === "opaque" && no.kind === "opaque") return yes;
  if (yes.kind === "object" && no.kind === "object" && yes.id === no.id) return yes;
  return { kind: "choice", test, yes, no };
}

/** A function of a value that looks at one possibility at a time. */
export function eachChoice(value: Value, work: (one: Value) => Value): Value {
  return value.kind === "choice"
    ? chosen(value.test, eachChoice(value.yes, work), eachChoice(value.no, work))
    : work(value);
}

/** A condition on a value, put together over its possibilities. */
export function whether(value: Value, holds: (one: Exclude<Value, { kind: "choice" }>) => Expr): Expr {
  if (value.kind !== "choice") return holds(value);
  const [yes, no] = [whether(value.yes, holds), whether(value.no, holds)];
  return decided(value.test, yes, no);
}
