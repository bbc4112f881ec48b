import type { JsonValue } from "@lem/domain";
import type { Compiler, TruthCode, ValueCode } from "../compile/compiler.ts";
import type { Expr } from "../expression.ts";

/** Reads the parts of a form from JSON; every method throws LemError `config.predicate` with the place. */
export interface Reader {
  expr(json: unknown, ...path: readonly (string | number)[]): Expr;
  /** The inner expressions with variables in scope. */
  scoped(names: readonly string[], json: unknown, ...path: readonly (string | number)[]): Expr;
  /** A list of JSON values, of a length between bounds. */
  array(json: unknown, least?: number, most?: number): readonly unknown[];
  /** An object with exactly these keys. */
  object<K extends string>(json: unknown, keys: readonly K[]): Readonly<Record<K, unknown>>;
  text(json: unknown, what: string, accepts?: RegExp): string;
  /** One of a closed list. */
  choice<T extends string>(json: unknown, what: string, choices: readonly T[]): T;
  /** A variable that is in scope. */
  variable(json: unknown): string;
  fail(message: string): never;
}

/** Everything that makes up one form of the language, in one place. */
export interface Form<E extends Expr> {
  /** One line for the language reference. */
  readonly meaning: string;
  /** The form as it is written. */
  readonly example: JsonValue;
  /** True when it comes to True or False whenever it comes to a value. */
  readonly isCondition: boolean;
  parse(body: unknown, reader: Reader): E;
  print(expr: E, print: (expr: Expr) => JsonValue): JsonValue;
  children(expr: E): readonly Expr[];
  value(expr: E, compiler: Compiler): ValueCode;
  /** Only where a condition can be decided more often than a value. */
  truth?(expr: E, compiler: Compiler): TruthCode;
  /** Python source that decides what the form means. */
  python(expr: E, render: (expr: Expr) => string): string;
}
