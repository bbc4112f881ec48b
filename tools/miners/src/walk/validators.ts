import { lastName } from "../modules/bindings.ts";
import type { ClassInfo, FunctionInfo } from "../modules/definitions.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { NO_ARGUMENTS } from "./attributes.ts";
import type { Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** When a validating constructor calls one of its class's own methods. */
type Mode = "before" | "after" | "wrap" | "plain";

/** A method that checks or changes one field. */
interface FieldValidator {
  readonly fn: FunctionInfo;
  readonly mode: Mode;
  readonly fields: readonly string[];
}

/** The methods that pydantic calls while it makes an object of a class, those of base classes first. */
export interface Validators {
  readonly ofFields: readonly FieldValidator[];
  /** They run on the finished object. */
  readonly afterwards: readonly FunctionInfo[];
}

/** Reads the decorators of a class and its bases. A method that a class overrides counts once. */
export function validatorsOf(walk: Walk, cls: ClassInfo): Validators {
  const methods = new Map<string, FunctionInfo>();
  for (const ancestor of walk.survey.order.of(cls).toReversed())
    if (ancestor.kind === "class") for (const fn of ancestor.methods) methods.set(fn.node.name, fn);
  const found = [...methods.values()].flatMap((fn) =>
    decoratorsOf(fn, "field_validator").map((call) => ({ fn, call })),
  );
  const afterwards = [...methods.values()].filter((fn) =>
    decoratorsOf(fn, "model_validator").some((call) => modeOf(call) === "after"),
  );
  return {
    ofFields: found.map(({ fn, call }) => ({ fn, mode: modeOf(call), fields: call.args.flatMap(textIn) })),
    afterwards,
  };
}

/** The methods that are given a field's value before its type looks at it. */
export const validatorsBefore = ({ ofFields }: Validators, field: string): readonly FunctionInfo[] =>
  ofFields.filter((each) => each.mode === "before" && concerns(each, field)).map(({ fn }) => fn);

const concerns = ({ fields }: FieldValidator, field: string): boolean => fields.includes(field) || fields.includes("*");

const decoratorsOf = ({ node }: FunctionInfo, name: string): readonly ExprOf<"Call">[] =>
  node.decorators.flatMap((each) => (each.kind === "Call" && lastName(each.func) === name ? [each] : []));

const textIn = (expr: Expr): readonly string[] =>
  expr.kind === "Constant" && expr.literal.type === "str" ? [expr.literal.value] : [];

const MODES: readonly Mode[] = ["before", "after", "wrap", "plain"];

function modeOf({ keywords }: ExprOf<"Call">): Mode {
  const written = keywords.find(({ name }) => name === "mode")?.value;
  const [word] = written === undefined ? [] : textIn(written);
  return MODES.find((mode) => mode === word) ?? "after";
}

/** Whose value a validator is given. */
interface Validated {
  readonly cls: ClassInfo;
  readonly field: string;
  readonly value: Value;
  readonly mode: Mode;
  /** A dict of the fields before it. */
  readonly before: Value;
}

/**
 * What the validators of one mode make of a field's value. One around the type's own is taken to keep what it takes:
 * which values pass it by is for the proof to find out.
 */
export function validated(
  walk: Walk,
  { ofFields }: Validators,
  { cls, field, value, mode, before }: Validated,
  at: At,
): Value {
  let current = value;
  for (const each of ofFields) {
    if (each.mode !== mode || !concerns(each, field)) continue;
    const self: Value = { kind: "class", cls };
    const takesMore = each.fn.node.params.length > 2;
    const positional = takesMore ? [current, { kind: "validation", field, before } as const] : [current];
    current = walk.call({ kind: "bound", info: each.fn, self }, { ...NO_ARGUMENTS, positional }, at);
    if (!at.state.live) break;
  }
  return current;
}
