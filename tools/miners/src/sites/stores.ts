import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { siteAt, type FoundSite, type Step } from "./site.ts";
import type { UserValues } from "./user-values.ts";

const MUTATORS = /^(append|extend|update|add|pop|popitem|clear|insert|remove|discard|setdefault|sort|reverse)$/;
const SETTERS = /^(setattr|delattr|__setattr__|__delattr__)$/;

/** Stores on attributes that depend on a condition, or whose value is made of the user's and not just copied. */
export function storeSites(steps: readonly Step[], values: UserValues): readonly FoundSite[] {
  return steps.flatMap((step) => {
    const stored = storedBy(step, values);
    const isSite = stored !== undefined && (step.guards.length > 0 || stored.changes);
    return isSite ? [siteAt(step, "store")] : [];
  });
}

/** The value that a step stores on an attribute; undefined for a step that stores none. */
export function storedValue({ node }: Step, values: UserValues): Expr | undefined {
  if (node.kind !== "Assign" && node.kind !== "AnnAssign" && node.kind !== "AugAssign") return undefined;
  const targets = node.kind === "Assign" ? node.targets : [node.target];
  return targets.flatMap(flat).some((target) => isAttribute(target, values)) ? (node.value ?? undefined) : undefined;
}

function storedBy(step: Step, values: UserValues): { readonly changes: boolean } | undefined {
  const { node } = step;
  const value = storedValue(step, values);
  if (value !== undefined)
    return { changes: node.kind === "AugAssign" || (values.has(value) && !isCopy(value, values)) };
  const isDeleted = node.kind === "Delete" && node.targets.some((target) => isAttribute(target, values));
  return isDeleted || (node.kind === "Call" && storesByCall(node, values)) ? { changes: true } : undefined;
}

/** `setattr(x, ...)`, and methods that change the container under an attribute. */
function storesByCall({ func, args }: ExprOf<"Call">, values: UserValues): boolean {
  if (func.kind === "Attribute" && MUTATORS.test(func.attr)) return isAttribute(func.value, values);
  const name = func.kind === "Name" ? func.id : func.kind === "Attribute" ? func.attr : "";
  const [object] = args;
  return SETTERS.test(name) && object !== undefined && isObject(object, values);
}

const flat = (target: Expr): readonly Expr[] =>
  target.kind === "Tuple" || target.kind === "List" ? target.elts.flatMap(flat) : [target];

/** `x.a`, or an item of one, of an object that the function was given or made of the user's values: no module's. */
const isAttribute = (target: Expr, values: UserValues): boolean =>
  (target.kind === "Attribute" && isObject(target.value, values)) ||
  (target.kind === "Subscript" && isAttribute(target.value, values));

const isObject = (expr: Expr, values: UserValues): boolean =>
  values.isReceiver(expr) || values.has(expr) || isSuper(expr);

const isSuper = (expr: Expr): boolean => expr.kind === "Call" && expr.func.kind === "Name" && expr.func.id === "super";

/** A plain name, or `kwargs.pop("name", default)`: the user's value as it came. */
function isCopy(value: Expr, values: UserValues): boolean {
  if (value.kind === "Name") return true;
  if (value.kind !== "Call" || value.func.kind !== "Attribute") return false;
  return (
    /^(pop|get)$/.test(value.func.attr) &&
    values.isOwnContainer(value.func.value) &&
    !value.args.some((arg) => values.has(arg))
  );
}
