import type { Located } from "./nodes.ts";

/** The value of a literal, with Python's type. Integers have no bound. */
export type Literal =
  | { readonly type: "none" | "ellipsis" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "float" | "complex"; readonly value: number }
  | { readonly type: "str"; readonly value: string }
  | { readonly type: "bytes"; readonly value: string };

/** Operators of {@link Expr} `BinOp`, as written. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "<<" | ">>" | "|" | "&" | "^" | "@";
/** Operators of {@link Expr} `UnaryOp`. */
export type UnaryOperator = "+" | "-" | "~" | "not";
/** Operators of {@link Expr} `Compare`. */
export type CompareOperator = "<" | "<=" | ">" | ">=" | "==" | "!=" | "in" | "not in" | "is" | "is not";

/** An expression, shaped as in Python's `ast`; what could not be read is `Unparsed` with the reason, never dropped. */
export type Expr = Located &
  (
    | { readonly kind: "BoolOp"; readonly op: "and" | "or"; readonly values: readonly Expr[] }
    | { readonly kind: "NamedExpr"; readonly target: Expr; readonly value: Expr }
    | { readonly kind: "BinOp"; readonly left: Expr; readonly op: BinaryOperator; readonly right: Expr }
    | { readonly kind: "UnaryOp"; readonly op: UnaryOperator; readonly operand: Expr }
    | { readonly kind: "Lambda"; readonly params: readonly Param[]; readonly body: Expr }
    | { readonly kind: "IfExp"; readonly test: Expr; readonly body: Expr; readonly orelse: Expr }
    | { readonly kind: "Dict"; readonly keys: readonly (Expr | null)[]; readonly values: readonly Expr[] }
    | { readonly kind: "Set" | "List" | "Tuple"; readonly elts: readonly Expr[] }
    | {
        readonly kind: "ListComp" | "SetComp" | "GeneratorExp";
        readonly elt: Expr;
        readonly generators: readonly Comprehension[];
      }
    | {
        readonly kind: "DictComp";
        readonly key: Expr;
        readonly value: Expr;
        readonly generators: readonly Comprehension[];
      }
    | { readonly kind: "Await" | "YieldFrom" | "Starred"; readonly value: Expr }
    | { readonly kind: "Yield"; readonly value: Expr | null }
    | {
        readonly kind: "Compare";
        readonly left: Expr;
        readonly ops: readonly CompareOperator[];
        readonly comparators: readonly Expr[];
      }
    | {
        readonly kind: "Call";
        readonly func: Expr;
        readonly args: readonly Expr[];
        readonly keywords: readonly Keyword[];
      }
    | { readonly kind: "JoinedStr"; readonly values: readonly Expr[] }
    | {
        readonly kind: "FormattedValue";
        readonly value: Expr;
        readonly conversion: string | null;
        readonly format: Expr | null;
      }
    | { readonly kind: "Constant"; readonly literal: Literal }
    | { readonly kind: "Attribute"; readonly value: Expr; readonly attr: string }
    | { readonly kind: "Subscript"; readonly value: Expr; readonly slice: Expr }
    | { readonly kind: "Name"; readonly id: string }
    | { readonly kind: "Slice"; readonly lower: Expr | null; readonly upper: Expr | null; readonly step: Expr | null }
    | { readonly kind: "Unparsed"; readonly reason: string; readonly digest: string }
  );

/** Name of one kind of expression. */
export type ExprKind = Expr["kind"];
/** The expressions of one kind. */
export type ExprOf<K extends ExprKind> = Extract<Expr, { kind: K }>;

/** One parameter of a function or lambda. */
export interface Param extends Located {
  readonly kind: "param";
  readonly name: string;
  /** How arguments reach it; `args` and `kwargs` are the starred ones. */
  readonly role: "positional" | "any" | "args" | "keyword" | "kwargs";
  readonly annotation: Expr | null;
  readonly default: Expr | null;
}

/** `for target in iter if ...` of a comprehension. */
export interface Comprehension {
  readonly target: Expr;
  readonly iter: Expr;
  readonly ifs: readonly Expr[];
  readonly isAsync: boolean;
}

/** `name=value` of a call or class header; `name` is null for `**value`. */
export interface Keyword {
  readonly name: string | null;
  readonly value: Expr;
}
