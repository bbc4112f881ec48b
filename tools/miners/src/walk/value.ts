import type { Expr as Predicate, PyValue } from "@lem/config/invariants";
import type { GroundQuestion } from "../candidates/ground.ts";
import type { ClassInfo, FunctionInfo, Module } from "../modules/definitions.ts";
import type { ExprOf } from "../syntax/expressions.ts";
import { constant } from "./expr/intern.ts";
import { unknown } from "./expr/terms.ts";

/** A condition, and the collecting places that make it true: the entries of a list whose length it asks for. */
export interface Condition {
  readonly expr: Predicate;
  readonly collects: readonly Collect[];
}

/** One entry of a local container: the place that put it there, and when. */
export interface Collect {
  readonly node: object;
  readonly when: Predicate;
}

/** Local names that a nested function sees. */
export type Locals = ReadonlyMap<string, Value>;

/** A name outside the package; `question` asks the installed engine for its value. */
export interface ForeignValue {
  readonly kind: "foreign";
  readonly name: string;
  readonly question: GroundQuestion | null;
}

/** An object without a form as data, such as a module of another package. */
export interface OpaqueValue {
  readonly kind: "opaque";
  readonly name: string;
  readonly type: string;
  readonly attributes: readonly string[];
  /** Of a module, the classes of its attributes. */
  readonly types: Readonly<Record<string, string>>;
  /** Of a module, those attributes that are constants with a name of their own. */
  readonly constants: Readonly<Record<string, PyValue>>;
}

/** A member of an Enum: what it is equal to, or undefined where it equals only itself. */
export interface MemberValue {
  readonly kind: "member";
  readonly cls: ClassInfo;
  readonly name: string;
  readonly value: Predicate;
  /** Whether members are texts or numbers themselves. */
  readonly mixed: boolean;
}

/** What an expression stands for during the walk. */
export type Value =
  | { readonly kind: "data"; readonly expr: Predicate }
  | { readonly kind: "size"; readonly expr: Predicate; readonly collects: readonly Collect[] }
  | { readonly kind: "object"; readonly id: number }
  | { readonly kind: "container"; readonly id: number }
  | { readonly kind: "keywords"; readonly id: number }
  | { readonly kind: "given"; readonly presence: ReadonlyMap<string, Predicate> }
  | { readonly kind: "class"; readonly cls: ClassInfo }
  | { readonly kind: "function"; readonly info: FunctionInfo; readonly closure: Locals | null }
  | { readonly kind: "lambda"; readonly node: ExprOf<"Lambda">; readonly closure: Locals }
  | { readonly kind: "bound"; readonly info: FunctionInfo; readonly self: Value }
  | { readonly kind: "method"; readonly of: Value; readonly name: string }
  | { readonly kind: "super"; readonly self: Value; readonly cls: ClassInfo; readonly after: ClassInfo }
  | { readonly kind: "module"; readonly module: Module }
  | { readonly kind: "type"; readonly of: Value }
  | { readonly kind: "choice"; readonly test: Predicate; readonly yes: Value; readonly no: Value }
  /** The name and value of a keyword that no parameter took. */
  | { readonly kind: "other-key"; readonly presence: ReadonlyMap<string, Predicate> }
  /** A text of which nothing else is known; operations on it give texts. */
  | { readonly kind: "text" }
  | { readonly kind: "absent" }
  /** What a validator is told of the validation: its field, and a dict of the fields before it. */
  | { readonly kind: "validation"; readonly field: string; readonly before: Value }
  | { readonly kind: "other-value" }
  | ForeignValue
  | OpaqueValue
  | MemberValue;

/** Kinds of {@link Value}. */
export type ValueKind = Value["kind"];
/** The values of one kind. */
export type ValueOf<K extends ValueKind> = Extract<Value, { kind: K }>;

/** A value that has a form as data. */
export const data = (expr: Predicate): Value => ({ kind: "data", expr });
/** A constant. */
export const literal = (value: PyValue): Value => data(constant(value));
/** A value that cannot be told, with the reason. */
export const untold = (what: string): Value => data(unknown(what));
/** Python's None. */
export const NO_VALUE: Value = literal(null);
/** A formatted text. */
export const SOME_TEXT: Value = { kind: "text" };
/** An attribute or name that is not there. */
export const ABSENT: Value = { kind: "absent" };

/** Whether two values are the same for certain. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  const left = Object.entries(a);
  return left.every(([name, value]) => value === (b as unknown as Record<string, unknown>)[name]);
}

/** The dotted name under which type tests know a class. */
export const classNameOf = (cls: ClassInfo): string => `${cls.module}.${cls.qualname}`;
