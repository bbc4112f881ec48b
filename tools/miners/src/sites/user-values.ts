import { receiverName, type Frame } from "../graph/frame.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { below, everyNode, everyNodeOf } from "../syntax/inside.ts";
import type { Stmt } from "../syntax/statements.ts";

/** Calls whose result has a known type whatever the argument. */
const TYPED_RESULTS = /^(isinstance|issubclass|hasattr|callable|len|str|repr|bool|id|type|format|ascii|hash|super)$/;

/** Expressions that make a value of a certain type whatever is in them. */
const ALWAYS_TYPED: ReadonlySet<string> = new Set(["Compare", "Constant", "JoinedStr", "Lambda"]);
const DISPLAYS: ReadonlySet<string> = new Set(["List", "Dict", "Set", "ListComp", "DictComp", "SetComp"]);

/** Which values in a function may come from the user: arguments, attributes of `self`, and what is made of them. */
export class UserValues {
  readonly #receiver: string | undefined;
  readonly #names: Set<string>;
  readonly #containers: ReadonlySet<string>;

  constructor(frame: Frame) {
    this.#receiver = receiverName(frame);
    const nodes = [...everyNodeOf(frame.fn.node.body)];
    const params = [frame.fn.node, ...nodes].flatMap((node) => ("params" in node ? node.params : []));
    this.#names = new Set(params.map(({ name }) => name).filter((name) => name !== this.#receiver));
    const packed = params.filter(({ role }) => role === "args" || role === "kwargs").map(({ name }) => name);
    this.#containers = new Set([...packed, ...ownContainers(nodes, this.#names)]);
    for (let before = -1; before !== this.#names.size;) {
      before = this.#names.size;
      for (const node of nodes) this.#spread(node);
    }
  }

  /** True for the object that the method runs on, and for no other name. */
  isReceiver(expr: Expr): boolean {
    return expr.kind === "Name" && expr.id === this.#receiver;
  }

  /** True for `*args`, `**kwargs` and local displays: their own type is certain, that of their items is not. */
  isOwnContainer(expr: Expr): boolean {
    return expr.kind === "Name" && this.#containers.has(expr.id);
  }

  /** True for `kwargs.items()` and its like. */
  isOwnView(expr: Expr): boolean {
    return expr.kind === "Call" && expr.func.kind === "Attribute" && this.isOwnContainer(expr.func.value);
  }

  /** True when the value may be the user's, of any type. */
  has(expr: Expr): boolean {
    if (ALWAYS_TYPED.has(expr.kind)) return false;
    switch (expr.kind) {
      case "Name":
        return this.#names.has(expr.id);
      case "Attribute":
        return this.isReceiver(expr.value) ? !expr.attr.startsWith("__") : this.has(expr.value);
      case "Call":
        return this.#fromCall(expr);
      case "UnaryOp":
        return expr.op !== "not" && this.has(expr.operand);
      case "IfExp":
        return this.has(expr.body) || this.has(expr.orelse);
      case "Subscript":
        return this.has(expr.value);
      default:
        return [...below(expr)].some((child) => this.has(child as Expr));
    }
  }

  #fromCall({ func, args, keywords }: ExprOf<"Call">): boolean {
    if (func.kind === "Name" && TYPED_RESULTS.test(func.id)) return false;
    const given = [...args, ...keywords.map(({ value }) => value)];
    return (
      (func.kind === "Attribute" && (this.isReceiver(func.value) || this.has(func.value))) ||
      given.some((arg) => this.isReceiver(arg) || this.has(arg))
    );
  }

  #spread(node: Expr | Stmt): void {
    if (node.kind === "Match" && this.has(node.subject))
      for (const { binds } of node.cases) for (const name of binds) this.#names.add(name);
    for (const { targets, value } of bindingsIn(node)) this.#bind(targets, value);
  }

  #bind(targets: readonly Expr[], value: Expr): void {
    if (!this.has(value)) return;
    for (const target of targets)
      for (const node of storedIn(target))
        if (node.kind === "Name" && node.id !== this.#receiver) this.#names.add(node.id);
  }
}

interface Bind {
  readonly targets: readonly Expr[];
  readonly value: Expr;
}

/** Which targets a node gives which value. */
function bindingsIn(node: Expr | Stmt): readonly Bind[] {
  switch (node.kind) {
    case "Assign":
      return [{ targets: node.targets, value: node.value }];
    case "AugAssign":
    case "NamedExpr":
    case "AnnAssign":
      return node.value === null ? [] : [{ targets: [node.target], value: node.value }];
    case "For":
      return [{ targets: [node.target], value: node.iter }];
    case "With":
      return node.items.flatMap(({ context, target }) =>
        target === null ? [] : [{ targets: [target], value: context }],
      );
    default:
      return "generators" in node
        ? node.generators.map(({ target, iter }) => ({ targets: [target], value: iter }))
        : [];
  }
}

/** Local names that are only ever bound to lists, mappings, sets or strings that the function itself writes out. */
function ownContainers(nodes: readonly (Expr | Stmt)[], params: ReadonlySet<string>): readonly string[] {
  const own = new Map<string, boolean>();
  for (const node of nodes) {
    for (const { targets, value } of bindingsIn(node)) {
      const isOwn = (node.kind === "Assign" || node.kind === "AnnAssign") && makesContainer(value);
      for (const name of targets.flatMap(boundNames)) own.set(name, isOwn && (own.get(name) ?? true));
    }
  }
  return [...own].filter(([name, isOwn]) => isOwn && !params.has(name)).map(([name]) => name);
}

function makesContainer(value: Expr): boolean {
  const isMaker = value.kind === "Call" && value.func.kind === "Name" && /^(list|dict|set)$/.test(value.func.id);
  return DISPLAYS.has(value.kind) || isMaker;
}

/** Names that a target binds; in `a[i]` and `a.b` none is. */
function boundNames(target: Expr): readonly string[] {
  if (target.kind === "Tuple" || target.kind === "List") return target.elts.flatMap(boundNames);
  if (target.kind === "Starred") return boundNames(target.value);
  return target.kind === "Name" ? [target.id] : [];
}

/** In `a[i] = v` only the container gets the value. */
function storedIn(target: Expr): readonly (Expr | Stmt)[] {
  if (target.kind === "Subscript" || target.kind === "Attribute") return storedIn(target.value);
  return target.kind === "Name" ? [target] : [...everyNode(target)];
}
