import type { Knowledge } from "../graph/edges.ts";
import type { Frame } from "../graph/frame.ts";
import { isLoudLog, isWarning } from "../graph/log-call.ts";
import { ENUM_HOME } from "../modules/class-order.ts";
import type { Reference } from "../graph/references.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import type { ImplicitOperator } from "./site.ts";
import type { UserValues } from "./user-values.ts";

/** What the rules of implicit sites look at. */
export interface View {
  readonly frame: Frame;
  readonly knowledge: Knowledge;
  readonly values: UserValues;
}

const CONVERSIONS = /^(int|float|complex|bytes|bytearray|chr|ord|hex|oct|bin|memoryview)$/;
const NEEDY =
  /^(len|min|max|sum|sorted|abs|round|set|frozenset|dict|list|tuple|iter|next|zip|map|filter|enumerate|range|reversed|any|all|divmod|pow|hash|open|slice|vars|dir)$/;
const ITEM_TAKERS = /^(pop|popitem|index|remove)$/;
const ENVIRONMENT = /^importlib\.(import_module|metadata\.(version|metadata|distribution))$/;
/** Methods of texts and containers that take any value. */
const TAKES_ALL = /^builtins\.\w+\(\)\.(format|append|keys|values|items|copy)$/;

/** Calls that raise for some values of the user. What is logged, warned of or put into an exception is only printed. */
export function implicitCall(node: ExprOf<"Call">, view: View): ImplicitOperator | undefined {
  const { func, args } = node;
  const { values, knowledge, frame } = view;
  if (func.kind === "Attribute" && values.isOwnContainer(func.value))
    return ITEM_TAKERS.test(func.attr) && args.length < 2 ? "lookup" : undefined;
  const called = knowledge.references.of(func, frame);
  if (called?.kind === "foreign" && ENVIRONMENT.test(called.name)) return "environment";
  if (!takesUserValue(node, values) || isSaid(node, view)) return undefined;
  return spreadsUserValue(node, values) ? "unpack" : byCallee(node, called, view);
}

function byCallee(node: ExprOf<"Call">, called: Reference | undefined, view: View): ImplicitOperator | undefined {
  if (called?.kind === "class") return isEnum(node.func, view) ? "lookup" : undefined;
  return called?.kind === "foreign" ? foreignCall(node, called.name, view.values) : undefined;
}

/** A method of the user's own value is an attribute site already. */
function foreignCall(node: ExprOf<"Call">, name: string, values: UserValues): ImplicitOperator | undefined {
  const builtin = /^builtins\.(\w+)$/.exec(name)?.[1];
  if (builtin !== undefined) return builtinCall(builtin, node);
  const isOwnMethod = node.func.kind === "Attribute" && values.has(node.func.value);
  return isOwnMethod || TAKES_ALL.test(name) ? undefined : "foreign";
}

/** True when the expression names an enumeration of the tree: calling or indexing it looks a member up. */
export function isEnum(expr: Expr, { knowledge, frame }: View): boolean {
  if (expr.kind !== "Name" && expr.kind !== "Attribute") return false;
  const found = knowledge.references.of(expr, frame);
  return found?.kind === "class" && knowledge.order.hasForeignAncestor(found, ENUM_HOME);
}

function takesUserValue({ args, keywords }: ExprOf<"Call">, values: UserValues): boolean {
  const given = [...args, ...keywords.map(({ value }) => value)];
  return given.some((arg) => values.has(arg) && !values.isOwnContainer(arg) && !values.isOwnView(arg));
}

/** `f(**value)`: no mapping, or keys that `f` does not take. */
const spreadsUserValue = ({ keywords }: ExprOf<"Call">, values: UserValues): boolean =>
  keywords.some(({ name, value }) => name === null && values.has(value) && !values.isOwnContainer(value));

function builtinCall(name: string, { args }: ExprOf<"Call">): ImplicitOperator | undefined {
  if (name === "getattr") return args.length < 3 ? "lookup" : undefined;
  if (CONVERSIONS.test(name)) return "conversion";
  const isLazy = /^(any|all)$/.test(name) && args[0]?.kind === "GeneratorExp";
  return NEEDY.test(name) && !isLazy ? "builtin" : undefined;
}

function isSaid(node: ExprOf<"Call">, { knowledge, frame }: View): boolean {
  const { func } = node;
  if (func.kind !== "Attribute") return isWarning(knowledge.references.of(func, frame));
  if (/^(debug|info)(_\w+)?$/.test(func.attr)) return true;
  return isLoudLog(node, knowledge.references.of(func.value, frame)) || isWarning(knowledge.references.of(func, frame));
}
