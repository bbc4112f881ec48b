import type { Expr } from "@lem/config/invariants";
import type { Prepared } from "../candidates/candidate.ts";
import { any, not, unknown, value } from "./build.ts";

/** What a validator does to a value. None of the conditions raises. */
export interface Lifted {
  /** By the type of the error item: when there is one. */
  readonly errors: ReadonlyMap<string, Expr>;
  /** When there is any, where that can be told in fewer words than by all of them. */
  readonly refused?: Expr | undefined;
  /** The value after it, where there is no error. */
  readonly value: Expr;
  /** When the value stays as it is. */
  readonly same: Expr;
  /** When the value is taken in strict mode; decides which choice of a union is taken. */
  readonly strict: Expr;
}

/** What Enums of the package make of values that are no member's, by their classes. */
export type Lookups = ReadonlyMap<string, Expr>;

/** What pydantic is handed: a value, and whether fields are strict. */
export interface Given {
  readonly of: Expr;
  readonly strict: boolean;
  /** Depth of quantifiers around, which names their variables. */
  readonly depth: number;
  /** What methods of the class make of the value before its type looks at it. */
  readonly prepared?: Prepared | undefined;
  readonly lookups?: Lookups | undefined;
}

/** When a validator refuses a value. */
export const refused = ({ errors, refused: brief }: Lifted): Expr => brief ?? any(...errors.values());

/** When a validator takes a value. */
export const accepted = (lifted: Lifted): Expr => not(refused(lifted));

/** Two validators' errors together. */
export function mergedErrors(maps: readonly ReadonlyMap<string, Expr>[]): ReadonlyMap<string, Expr> {
  const merged = new Map<string, Expr>();
  for (const map of maps) for (const [type, when] of map) merged.set(type, any(merged.get(type) ?? value(false), when));
  return merged;
}

/** Errors that occur only where a condition holds. */
export const errorsWhen = (
  errors: ReadonlyMap<string, Expr>,
  within: (when: Expr) => Expr,
): ReadonlyMap<string, Expr> => new Map([...errors].map(([type, when]) => [type, within(when)]));

/** A validator that takes everything as it is. */
export const untouched = (of: Expr): Lifted => ({
  errors: new Map(),
  value: of,
  same: value(true),
  strict: value(true),
});

/** A validator that this program does not know. */
export function foreign(what: string): Lifted {
  const open = unknown(what);
  return { errors: new Map([["value_error", open]]), value: open, same: open, strict: open };
}
