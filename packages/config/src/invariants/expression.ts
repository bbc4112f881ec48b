import type { ExceptionName } from "./outcome.ts";
import type { OperatorName } from "./operators/table.ts";
import type { PyValue } from "./values/value.ts";

/** A value written in the rule. */
export interface ConstExpr {
  readonly op: "const";
  readonly value: PyValue;
}

/** A field of the configuration as the engine sees it: the declared value, else the engine's default. */
export interface FieldExpr {
  readonly op: "field";
  /** Dotted, rooted at the class that the rule is on. */
  readonly path: string;
}

/** A variable bound by a quantifier or `let`; a fact of the environment; a named constant of the corpus. */
export interface NameExpr {
  readonly op: "var" | "fact" | "domain";
  readonly name: string;
}

/** What the miner could not translate. */
export interface UnknownExpr {
  readonly op: "unknown";
  readonly what: string;
}

/** An operator that evaluates all operands and then applies a function. */
export interface OperatorExpr {
  readonly op: OperatorName;
  readonly args: readonly Expr[];
}

/** Python's `and` and `or`: the first operand that decides, or the last. */
export interface JunctionExpr {
  readonly op: "all" | "any";
  readonly args: readonly Expr[];
}

/** Python's `not`. */
export interface NotExpr {
  readonly op: "not";
  readonly of: Expr;
}

/** Python's `yes if test else no`. */
export interface ConditionalExpr {
  readonly op: "ite";
  readonly test: Expr;
  readonly yes: Expr;
  readonly no: Expr;
}

/** Which ends of a range belong to it. */
export type Bounds = "[]" | "[)" | "(]" | "()";

/** Python's chained comparison `low < of <= high`. */
export interface BetweenExpr {
  readonly op: "between";
  readonly of: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly bounds: Bounds;
}

/** Identity with one of Python's three singletons. */
export interface IdentityExpr {
  readonly op: "is" | "isNot";
  readonly of: Expr;
  readonly value: null | boolean;
}

/** `isinstance(of, classes)`, or with `exactType` `type(of) in classes`. */
export interface TypeExpr {
  readonly op: "type" | "exactType";
  readonly of: Expr;
  /** Built-in names (int, float, bool, str, list, tuple, dict, set, frozenset, bytes, none) or dotted class names. */
  readonly classes: readonly string[];
}

/** Whether the configuration gives the field; whether the field's value equals the engine's default. */
export interface PresenceExpr {
  readonly op: "isSet" | "isDefault";
  readonly path: string;
}

/** `all(that for as in in)`, `any(...)`, and how many elements satisfy `that`. */
export interface QuantifierExpr {
  readonly op: "every" | "some" | "count";
  readonly in: Expr;
  readonly as: string;
  readonly that: Expr;
}

/** `all(that for a, b in zip(in, in[1:]))`. */
export interface PairwiseExpr {
  readonly op: "pairwise";
  readonly in: Expr;
  readonly as: readonly [string, string];
  readonly that: Expr;
}

/** `(lambda as: in)(be)`. */
export interface LetExpr {
  readonly op: "let";
  readonly as: string;
  readonly be: Expr;
  readonly in: Expr;
}

/** Whether evaluating `of` raises the exception; another one goes on. */
export interface RaisesExpr {
  readonly op: "raises";
  readonly of: Expr;
  readonly exception: ExceptionName;
}

/** `of.name`, and `hasattr(of, name)`. */
export interface AttributeExpr {
  readonly op: "attr" | "hasAttr";
  readonly of: Expr;
  readonly name: string;
}

/** `re.fullmatch(pattern, of) is not None`, in a subset that all regular expression dialects share. */
export interface MatchesExpr {
  readonly op: "matches";
  readonly of: Expr;
  readonly pattern: string;
}

/** An expression of the predicate language; one used as a condition is a predicate. */
export type Expr =
  | (ConstExpr | FieldExpr | NameExpr | UnknownExpr | OperatorExpr | JunctionExpr | NotExpr | ConditionalExpr)
  | (BetweenExpr | IdentityExpr | TypeExpr | PresenceExpr | QuantifierExpr | PairwiseExpr | LetExpr | RaisesExpr)
  | (AttributeExpr | MatchesExpr);

/** The operators that are no plain functions of their operands. */
export type FormName = Exclude<Expr["op"], OperatorName | "const">;
