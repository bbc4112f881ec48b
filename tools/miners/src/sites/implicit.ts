import type { Expr } from "../syntax/expressions.ts";
import { implicitCall, isEnum, type View } from "./implicit-calls.ts";
import { siteAt, type FoundSite, type ImplicitOperator, type Step } from "./site.ts";
import type { UserValues } from "./user-values.ts";

const ORDERINGS = new Set(["<", "<=", ">", ">="]);
const DIVISIONS = new Set(["/", "//", "%"]);
const DISPLAYS = new Set(["List", "Dict", "Set", "Tuple", "ListComp", "DictComp", "SetComp", "JoinedStr"]);

type Node = Step["node"];
type NodeOf<K extends Node["kind"]> = Extract<Node, { kind: K }>;
type Rules = { readonly [K in Node["kind"]]?: (node: NodeOf<K>, view: View) => ImplicitOperator | false | undefined };

/** Operators and calls on the user's values that raise for some of them, though no raise statement is there. */
export function implicitSites(steps: readonly Step[], view: View): readonly FoundSite[] {
  const targets = new Set(steps.flatMap(({ node }) => (node.kind === "Assign" ? node.targets : [])));
  return steps.flatMap((step) => {
    const { node } = step;
    if (node.kind === "Subscript" && targets.has(node) && view.values.isOwnContainer(node.value)) return [];
    const rule = RULES[node.kind] as ((node: Node, view: View) => ImplicitOperator | false | undefined) | undefined;
    const operator = rule?.(node, view);
    return operator === undefined || operator === false ? [] : [siteAt(step, "implicit", operator)];
  });
}

const RULES: Rules = {
  Compare: comparison,
  BinOp: ({ left, op, right }, view) => arithmetic(op, [left, right], view),
  AugAssign: ({ target, op, value }, view) =>
    !view.values.isOwnContainer(target) && arithmetic(op, [target, value], view),
  UnaryOp: ({ op, operand }, { values }) => op !== "not" && values.has(operand) && "arithmetic",
  Subscript: ({ value, slice }, view) => {
    if (isEnum(value, view)) return "lookup";
    const byUser = view.values.has(slice) && slice.kind !== "Slice";
    return (view.values.has(value) || byUser) && "subscript";
  },
  Attribute: ({ value }, { values }) => isForeignOwned(value, values) && "attribute",
  Call: implicitCall,
  Import: ({ names }, view) => names.some(({ name }) => isOutside(name, view)) && "environment",
  ImportFrom: ({ module, level }, view) => level === 0 && isOutside(module, view) && "environment",
  For: ({ iter }, { values }) => isUnsure(iter, values) && "iteration",
  Starred: ({ value }, { values }) => isUnsure(value, values) && "unpack",
  Assign: ({ targets, value }, { values }) => {
    const unpacks = targets.some(({ kind }) => kind === "Tuple" || kind === "List");
    return unpacks && value.kind !== "Tuple" && isUnsure(value, values) && "unpack";
  },
  ListComp: generators,
  SetComp: generators,
  DictComp: generators,
  GeneratorExp: generators,
};

const isOutside = (module: string, { knowledge }: View): boolean => knowledge.order.isForeign(module);

function generators(
  node: NodeOf<"ListComp" | "SetComp" | "DictComp" | "GeneratorExp">,
  { values }: View,
): ImplicitOperator | false {
  return node.generators.some(({ iter }) => isUnsure(iter, values)) && "iteration";
}

function comparison({ left, ops, comparators }: NodeOf<"Compare">, { values }: View): ImplicitOperator | undefined {
  const operands = [left, ...comparators];
  for (const [index, op] of ops.entries()) {
    const [a, b] = [operands[index], operands[index + 1]];
    if (a === undefined || b === undefined) continue;
    if (ORDERINGS.has(op) && (values.has(a) || values.has(b))) return "ordering";
    if ((op === "in" || op === "not in") && isUnsureMembership(a, b, values)) return "membership";
  }
  return undefined;
}

/** A list or tuple that is written out compares by equality; sets, mappings and unknown constants hash. */
function isUnsureMembership(value: Expr, container: Expr, values: UserValues): boolean {
  if (container.kind === "List" || container.kind === "Tuple" || values.isOwnContainer(container)) return false;
  return values.has(value) || values.has(container);
}

function arithmetic(op: string, operands: readonly Expr[], { values }: View): ImplicitOperator | undefined {
  if (!operands.some((operand) => values.has(operand))) return undefined;
  return DIVISIONS.has(op) ? "division" : "arithmetic";
}

/** An attribute of the object itself, of a container that the function made, or of a method's result is no user's. */
function isForeignOwned(value: Expr, values: UserValues): boolean {
  if (!values.has(value) || values.isOwnContainer(value) || DISPLAYS.has(value.kind)) return false;
  return !(value.kind === "Call" && value.func.kind === "Attribute" && values.isReceiver(value.func.value));
}

const isUnsure = (expr: Expr, values: UserValues): boolean =>
  values.has(expr) && !values.isOwnContainer(expr) && !values.isOwnView(expr) && !DISPLAYS.has(expr.kind);
