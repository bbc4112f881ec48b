import { raises, unknown, type Outcome, type Raises, type Unknown } from "../outcome.ts";
import { isObject, type PyValue } from "../values/value.ts";

interface Described {
  /** True when Python never raises here, whatever the operands. */
  readonly total: boolean;
  /** The expression in Python, from the operands' source; decides what the operator means. */
  readonly python: (operands: readonly string[]) => string;
  /** One line for the language reference. */
  readonly meaning: string;
  /** The fault that the first operand causes before the others are evaluated: a method that it lacks. */
  readonly lookUp?: ((receiver: PyValue) => Unknown | Raises | undefined) | undefined;
}

/** An operator that evaluates all its operands from left to right and then applies one function to the values. */
export type Operator =
  | (Described & { readonly operands: 1; readonly apply: (a: PyValue) => Outcome })
  | (Described & { readonly operands: 2; readonly apply: (a: PyValue, b: PyValue) => Outcome })
  | (Described & { readonly operands: "any" | "some"; readonly apply: (items: readonly PyValue[]) => Outcome });

/** What an operator's Python source is made from: `$1`, `$2` stand for operands, `$*` for all with commas between. */
export type Template = string;

/** Fills the operands into a template. */
export const template =
  (text: Template): Described["python"] =>
  (operands) =>
    text.replaceAll(/\$([12*])/g, (_, place: string) =>
      place === "*" ? operands.join(", ") : (operands[Number(place) - 1] ?? ""),
    );

/** An operator of one operand that may raise. */
export const unary = (text: Template, meaning: string, apply: (a: PyValue) => Outcome): Operator => ({
  operands: 1,
  total: false,
  python: template(text),
  meaning,
  apply,
});

/** An operator of two operands that may raise. */
export const binary = (text: Template, meaning: string, apply: (a: PyValue, b: PyValue) => Outcome): Operator => ({
  operands: 2,
  total: false,
  python: template(text),
  meaning,
  apply,
});

/** An operator of any number of operands that may raise; `some` needs one at least. */
export const variadic = (
  python: Template | Described["python"],
  meaning: string,
  apply: (items: readonly PyValue[]) => Outcome,
  operands: "any" | "some" = "any",
): Operator => ({
  operands,
  total: false,
  python: typeof python === "string" ? template(python) : python,
  meaning,
  apply,
});

/** The same operator, known never to raise. */
export const total = (operator: Operator): Operator => ({ ...operator, total: true });

/** A method of certain types: AttributeError on all others, unknown on objects. */
export const method = (operator: Operator, has: (receiver: PyValue) => boolean): Operator => ({
  ...operator,
  lookUp: (receiver) => (has(receiver) ? undefined : noMethod(receiver)),
});

const noMethod = (receiver: PyValue): Unknown | Raises =>
  isObject(receiver) ? unknown("object", "method", true) : raises("AttributeError");
