import type { Tagged } from "./protocol.ts";

/** Bounds and lengths that a type carries. */
export interface Constraints {
  readonly gt?: Tagged;
  readonly ge?: Tagged;
  readonly lt?: Tagged;
  readonly le?: Tagged;
  readonly multiple_of?: Tagged;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly pattern?: string;
  readonly strict?: boolean;
  readonly allow_inf_nan?: boolean;
}

/** An annotation as data. It says what the author meant; only pydantic holds values to it. */
export type Shape =
  | { readonly type: "any" | "none" | "bool" | "int" | "float" | "str" | "bytes" | "callable" }
  | { readonly type: "list" | "set" | "frozenset" | "sequence"; readonly items: Shape }
  | { readonly type: "tuple"; readonly items: readonly Shape[]; readonly variadic: boolean }
  | { readonly type: "dict"; readonly keys: Shape; readonly values: Shape }
  | { readonly type: "literal"; readonly values: readonly Tagged[] }
  | EnumShape
  | { readonly type: "union"; readonly of: readonly Shape[] }
  | { readonly type: "class"; readonly class: string; readonly mro: readonly string[] }
  | ({ readonly type: "constrained"; readonly of: Shape } & Constraints)
  | { readonly type: "unknown"; readonly text: string };

/** An Enum: its members as the language holds them, and the values that they stand for. */
export interface EnumShape {
  readonly type: "enum";
  readonly class: string;
  readonly mro: readonly string[];
  readonly members: Readonly<Record<string, Tagged>>;
  readonly values: Readonly<Record<string, Tagged>>;
}

/** A function that a validator calls. */
export interface ValidatorFunction {
  readonly type: "function-before" | "function-after" | "function-wrap" | "function-plain";
  readonly module: string | null;
  readonly qualname: string;
}

/** pydantic's core schema of one field: what its validator does, `other` where this program does not know it. */
export type CoreShape =
  | ({ readonly type: "any" | "none" | "callable" | "bool" | "int" | "float" | "bytes" } & Constraints)
  | ({ readonly type: "str" } & Constraints & TextChanges)
  | ({ readonly type: "list" | "set" | "frozenset"; readonly items?: CoreShape } & Constraints)
  | ({
      readonly type: "tuple";
      readonly items: readonly CoreShape[];
      readonly variadic_item_index?: number;
    } & Constraints)
  | ({ readonly type: "dict"; readonly keys?: CoreShape; readonly values?: CoreShape } & Constraints)
  | { readonly type: "nullable"; readonly of: CoreShape }
  | { readonly type: "union"; readonly of: readonly CoreShape[]; readonly mode?: "smart" | "left_to_right" }
  | { readonly type: "chain"; readonly of: readonly CoreShape[] }
  | { readonly type: "literal"; readonly values: readonly Tagged[] }
  | (EnumShape & { readonly strict?: boolean; readonly custom: boolean })
  | { readonly type: "class"; readonly class: string; readonly mro: readonly string[] }
  | NestedShape
  | (ValidatorFunction & { readonly of?: CoreShape })
  | { readonly type: "other"; readonly name: string };

/** A model or dataclass as a field's type. */
export interface NestedShape {
  readonly type: "nested";
  readonly class: string;
  readonly mro: readonly string[];
  /** Type of the error of what is neither an object of it nor a dict. */
  readonly error: string;
  /** Keys that a dict of its fields may have, and those that it must, where that is known. */
  readonly keys?: readonly string[];
  readonly required?: readonly string[];
  /** Whether other keys are refused. */
  readonly closed?: boolean;
}

/** What pydantic does to a text before it checks it. */
export interface TextChanges {
  readonly strip_whitespace?: boolean;
  readonly to_lower?: boolean;
  readonly to_upper?: boolean;
}

/** The validation of a pydantic model or dataclass. */
export interface CoreEntry {
  readonly extra: "forbid" | "ignore" | "allow";
  readonly strict: boolean;
  /** True when `__post_init__` runs after the fields are validated. */
  readonly postInit: boolean;
  /** Model validators around the class and around its fields, the outermost first. */
  readonly around: readonly ValidatorFunction[];
  readonly inside: readonly ValidatorFunction[];
  readonly fields: readonly CoreField[];
}

/** One field of a {@link CoreEntry}. */
export interface CoreField {
  readonly name: string;
  readonly alias: string | null;
  /** False when the field is read from a path. */
  readonly plainAlias: boolean;
  /** More names that it is read from where the first is not given, in their order. */
  readonly others?: readonly string[];
  readonly init: boolean;
  readonly schema: CoreShape;
}

/** One parameter of the constructor. */
export interface DescribedParameter {
  readonly name: string;
  readonly required: boolean;
  readonly default?: Tagged;
  readonly shape: Shape;
}

/** What generated the constructor; `class` is one written by hand. */
export type EntryFamilyKind = "pydantic-model" | "pydantic-dataclass" | "msgspec" | "dataclass" | "class";

/** What the live class says of itself. */
export interface EntryDescription {
  readonly kind: "described";
  readonly entry: string;
  readonly family: EntryFamilyKind;
  readonly class: string;
  readonly mro: readonly string[];
  readonly place: { readonly path: string; readonly line: number } | null;
  /** Named parameters; those that a constructor takes as `**` are among `attributes`. */
  readonly parameters: readonly DescribedParameter[];
  /** Seen by constructing it with an unknown key, where that can be done. */
  readonly unknownKeys: "reject" | "accept";
  /** Public attributes of an object made from nothing; null when something must be given. */
  readonly attributes: Readonly<Record<string, Tagged>> | null;
  /** Types that the doc string gives, as text, by name. */
  readonly documented: Readonly<Record<string, string>>;
  /** SHA-256 of what is written of parameters and attributes, by name; a probe need not read that. */
  readonly descriptions?: Readonly<Record<string, string>>;
  readonly core: CoreEntry | null;
}

/** The answer to the question for one class. */
export type DescribeAnswer = EntryDescription | { readonly kind: "unavailable"; readonly reason: string };
