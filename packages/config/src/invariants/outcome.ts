import type { PyValue } from "./values/value.ts";

/**
 * Why a value is not known: a fact is `missing`; it depends on an `object`'s own methods; on the `identity` of NaN or
 * the order of a set, which values do not tell; it exceeds a `limit`; Python `version`s or maths libraries differ; or
 * the rule's source could not be `translated`.
 */
export type UnknownReason = "missing" | "object" | "identity" | "limit" | "version" | "untranslated";

/** What cannot be decided; never a ground to refuse a configuration. */
export interface Unknown {
  readonly type: "unknown";
  readonly reason: UnknownReason;
  /** The field, fact or operator that is to blame. */
  readonly what: string;
  /** True when Python might raise here; false when there certainly is a value, only not a known one. */
  readonly mayRaise: boolean;
}

/** Built-in exceptions that predicates raise; `Exception` where Python would raise one that is not told apart. */
export type ExceptionName = keyof typeof BASES;

/** An exception that Python would raise. */
export interface Raises {
  readonly type: "raises";
  readonly exception: ExceptionName;
}

/** What an expression comes to. */
export type Outcome = PyValue | Unknown | Raises;

/** What an expression comes to as a condition. */
export type Truth = boolean | Unknown | Raises;

/** The four results of a predicate. */
export type Verdict =
  | { readonly result: "true" | "false" }
  | { readonly result: "unknown"; readonly reason: UnknownReason; readonly what: string }
  | { readonly result: "raises"; readonly exception: ExceptionName };

const BASES = {
  Exception: undefined,
  TypeError: "Exception",
  ValueError: "Exception",
  AttributeError: "Exception",
  ArithmeticError: "Exception",
  ZeroDivisionError: "ArithmeticError",
  OverflowError: "ArithmeticError",
  LookupError: "Exception",
  IndexError: "LookupError",
  KeyError: "LookupError",
} as const;

/** The exceptions that a predicate can name. */
export const EXCEPTION_NAMES: readonly ExceptionName[] = Object.keys(BASES) as ExceptionName[];

/** Whether `except caught` catches an exception; undefined when its exact class is not known. */
export function catches(caught: ExceptionName, raised: ExceptionName): boolean | undefined {
  for (let at: ExceptionName | undefined = raised; at !== undefined; at = BASES[at]) if (at === caught) return true;
  return raised === "Exception" ? undefined : false;
}

const RAISES = Object.fromEntries(
  EXCEPTION_NAMES.map((exception) => [exception, { type: "raises", exception }]),
) as Readonly<Record<ExceptionName, Raises>>;

/** An exception. */
export const raises = (exception: ExceptionName): Raises => RAISES[exception];

/** A value that is not known, or (with `mayRaise`) a step of which not even that is known. */
export const unknown = (reason: UnknownReason, what: string, mayRaise = false): Unknown => ({
  type: "unknown",
  reason,
  what,
  mayRaise,
});

/** The same blame, for a step that might raise as well. */
export const tainted = (blame: Unknown): Unknown => (blame.mayRaise ? blame : { ...blame, mayRaise: true });

/** True when there is no value. */
export const isFault = (outcome: Outcome): outcome is Unknown | Raises =>
  typeof outcome === "object" && outcome !== null && (outcome.type === "unknown" || outcome.type === "raises");

/** True for an exception. */
export const isRaises = (outcome: Outcome): outcome is Raises =>
  typeof outcome === "object" && outcome !== null && outcome.type === "raises";

/** True for what cannot be decided. */
export const isUnknown = (outcome: Outcome): outcome is Unknown =>
  typeof outcome === "object" && outcome !== null && outcome.type === "unknown";

/** The fault of operands evaluated one after another, of which at least one is a fault. */
export function faultOf(operands: readonly Outcome[], total: boolean): Unknown | Raises {
  let blame: Unknown | undefined;
  for (const operand of operands) {
    if (isRaises(operand)) return blame?.mayRaise === true ? raises("Exception") : operand;
    if (isUnknown(operand)) blame = blame === undefined || operand.mayRaise ? operand : blame;
  }
  const found = blame ?? unknown("untranslated", "operand", true);
  return total ? found : tainted(found);
}

const TRUE: Verdict = { result: "true" };
const FALSE: Verdict = { result: "false" };

/** A condition as a verdict. */
export function verdictOf(truth: Truth): Verdict {
  if (typeof truth === "boolean") return truth ? TRUE : FALSE;
  if (truth.type === "raises") return { result: "raises", exception: truth.exception };
  return { result: "unknown", reason: truth.reason, what: truth.what };
}
