import { keyOf, type ClassOrder } from "../modules/class-order.ts";
import { functionInfo } from "../modules/bindings.ts";
import { functionKey, type ClassInfo, type FunctionInfo } from "../modules/definitions.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { below } from "../syntax/inside.ts";
import type { Stmt } from "../syntax/statements.ts";
import { constructionOf } from "./construction.ts";
import { openFrame, type Frame } from "./frame.ts";
import { isLoudLog } from "./log-call.ts";
import type { Reference, References } from "./references.ts";

/** One function that another one may run, and the class of the object it runs on. */
export interface Edge {
  readonly fn: FunctionInfo;
  readonly self: ClassInfo | undefined;
}

/** What a function runs: functions of the tree, and how many calls lead elsewhere. */
export interface Outgoing {
  readonly edges: readonly Edge[];
  /** Calls of names outside the tree. */
  readonly foreign: number;
  /** Calls of values that the source alone does not identify. */
  readonly unresolved: number;
}

/** What {@link outgoing} needs to know. */
export interface Knowledge {
  readonly references: References;
  readonly order: ClassOrder;
}

/**
 * Everything that a function may run. Functions named but not called count as run, since they are given away; nested
 * functions count as part of it. A log call is a site, not a call.
 */
export function outgoing(frame: Frame, knowledge: Knowledge): Outgoing {
  const visitor = new EdgeVisitor(knowledge);
  for (const decorator of frame.fn.node.decorators) visitor.decorator(decorator, frame);
  for (const statement of frame.fn.node.body) visitor.visit(statement, frame);
  return visitor;
}

class EdgeVisitor implements Outgoing {
  readonly #edges = new Map<string, Edge>();
  foreign = 0;
  unresolved = 0;
  readonly #knowledge: Knowledge;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  get edges(): readonly Edge[] {
    return [...this.#edges.values()];
  }

  /** The wrapper that a decorator of the tree puts around a function runs with it. */
  decorator(expr: Expr, frame: Frame): void {
    const found = this.#knowledge.references.of(expr.kind === "Call" ? expr.func : expr, {
      ...frame,
      locals: new Map(),
      params: new Map(),
    });
    if (found?.kind === "function") this.#add({ fn: found, self: undefined });
  }

  visit(node: Expr | Stmt, frame: Frame): void {
    switch (node.kind) {
      case "FunctionDef":
        return this.#nested(node, frame);
      case "AnnAssign":
        return this.#assignment([node.target], node.value, frame);
      case "Assign":
        return this.#assignment(node.targets, node.value, frame);
      case "Call":
        return this.#call(node, frame);
      case "Name":
      case "Attribute":
        this.#mention(this.#knowledge.references.of(node, frame), "load");
        break;
      case "With":
        for (const { context } of node.items) this.#method(context, ["__enter__", "__exit__"], frame);
        break;
      default:
    }
    for (const child of below(node)) this.visit(child, frame);
  }

  #nested(node: Extract<Stmt, { kind: "FunctionDef" }>, frame: Frame): void {
    const { module, path, qualname } = frame.fn;
    const place = { module, path, package: "", prefix: `${qualname}.<locals>.`, owner: null };
    const inner = openFrame(functionInfo(node, place), frame.module, frame.self, frame);
    for (const statement of node.body) this.visit(statement, inner);
  }

  #assignment(targets: readonly Expr[], value: Expr | null, frame: Frame): void {
    for (const target of targets) {
      if (target.kind === "Attribute") this.#mention(this.#knowledge.references.of(target, frame), "store");
      for (const child of below(target)) this.visit(child, frame);
    }
    if (value !== null) this.visit(value, frame);
  }

  /** What is called is counted as a call, not as a mention; what stands before its last dot is visited. */
  #call(call: ExprOf<"Call">, frame: Frame): void {
    const { func } = call;
    const { references } = this.#knowledge;
    const receiver = func.kind === "Attribute" ? references.of(func.value, frame) : undefined;
    if (!isLoudLog(call, receiver)) this.#run(func, references.of(func, frame), frame);
    for (const child of below(call)) {
      if (child !== func) this.visit(child, frame);
      else if (func.kind === "Attribute") this.visit(func.value, frame);
      else if (func.kind !== "Name") this.visit(func, frame);
    }
  }

  #run(func: Expr, called: Reference | undefined, frame: Frame): void {
    switch (called?.kind) {
      case "class":
        for (const fn of constructionOf(called, this.#knowledge.order)) this.#add({ fn, self: called });
        return;
      case "instance":
        return this.#method(func, ["__call__"], frame);
      case "foreign":
        this.foreign += 1;
        return;
      case "function":
      case "bound":
        return this.#mention(called, "load");
      default:
        this.unresolved += 1;
    }
  }

  #mention(found: Reference | undefined, access: "load" | "store"): void {
    if (found?.kind === "function" && access === "load") this.#add({ fn: found, self: undefined });
    if (found?.kind !== "bound") return;
    for (const fn of found.methods) {
      const isStore = fn.role === "setter";
      if (fn.role !== "deleter" && isStore === (access === "store")) this.#add({ fn, self: found.self });
    }
  }

  /** A nested function is a part of the one around it, not another one. */
  #add({ fn, self }: Edge): void {
    if (fn.qualname.includes(".<locals>.")) return;
    this.#edges.set(`${functionKey(fn)} on ${self === undefined ? "" : keyOf(self)}`, { fn, self });
  }

  #method(expr: Expr, names: readonly string[], frame: Frame): void {
    const found = this.#knowledge.references.of(expr, frame);
    if (found?.kind !== "instance") return;
    for (const name of names)
      for (const fn of this.#knowledge.order.methods(found.cls, name)) this.#add({ fn, self: found.cls });
  }
}
