import type { ClassOrder } from "../modules/class-order.ts";
import type { ClassInfo, Constant, Definition, Foreign, FunctionInfo } from "../modules/definitions.ts";
import type { ModuleIndex } from "../modules/module-index.ts";
import type { Expr, ExprOf, Param } from "../syntax/expressions.ts";
import { everyNodeOf } from "../syntax/inside.ts";
import type { Stmt } from "../syntax/statements.ts";
import { openFrame, receiverName, type Frame } from "./frame.ts";

/** What an expression stands for, as far as the source says; undefined where it does not. */
export type Reference =
  | Definition
  | { readonly kind: "instance"; readonly cls: ClassInfo }
  /** Methods of one name on an object or class. Property getters and setters share theirs. */
  | { readonly kind: "bound"; readonly methods: readonly FunctionInfo[]; readonly self: ClassInfo }
  | { readonly kind: "super"; readonly self: ClassInfo; readonly after: ClassInfo };

const MAX_STEPS = 12;
const BUILTIN_FORMS: Readonly<Partial<Record<Expr["kind"], string>>> = {
  List: "list",
  ListComp: "list",
  Dict: "dict",
  DictComp: "dict",
  Set: "set",
  SetComp: "set",
  Tuple: "tuple",
  JoinedStr: "str",
  GeneratorExp: "generator",
};

/** Resolves names, attributes and calls inside functions, with the little typing that annotations and constructors give. */
export class References {
  readonly #index: ModuleIndex;
  readonly #order: ClassOrder;

  constructor(index: ModuleIndex, order: ClassOrder) {
    this.#index = index;
    this.#order = order;
  }

  /** What an expression in a function stands for. */
  of(expr: Expr, frame: Frame, steps = 0): Reference | undefined {
    if (steps > MAX_STEPS) return undefined;
    const builtin = BUILTIN_FORMS[expr.kind];
    if (builtin !== undefined) return { kind: "foreign", name: `builtins.${builtin}()` };
    switch (expr.kind) {
      case "Name":
        return this.#name(expr.id, frame, steps);
      case "Attribute":
        return this.#attribute(this.of(expr.value, frame, steps + 1), expr.attr, steps);
      case "Call":
        return this.#result(expr, frame, steps);
      case "Constant":
        return { kind: "foreign", name: `builtins.${expr.literal.type}()` };
      case "BoolOp":
        return this.#first(expr.values, frame, steps);
      case "IfExp":
        return this.#first([expr.body, expr.orelse], frame, steps);
      case "NamedExpr":
      case "Await":
        return this.of(expr.value, frame, steps + 1);
      default:
        return undefined;
    }
  }

  /** The class that an annotation names, seen from a module: `X | None`, `Optional[X]` and `"X"` are `X`. */
  classIn(annotation: Expr | null, module: string): ClassInfo | Foreign | undefined {
    if (annotation === null) return undefined;
    if (annotation.kind === "BinOp")
      return this.classIn(annotation.left, module) ?? this.classIn(annotation.right, module);
    if (annotation.kind === "Tuple") return this.#firstClass(annotation.elts, module);
    if (annotation.kind === "Constant") return this.#quoted(annotation, module);
    const found = this.#order.resolve(annotation, module);
    if (found?.kind === "class") return found;
    if (found?.kind !== "foreign") return undefined;
    const isWrapper = /^typing(_extensions)?\./.test(found.name) && annotation.kind === "Subscript";
    return isWrapper ? this.classIn(annotation.slice, module) : found;
  }

  #first(options: readonly Expr[], frame: Frame, steps: number): Reference | undefined {
    const found = options.map((option) => this.of(option, frame, steps + 1)).filter((each) => each !== undefined);
    return found.find(({ kind }) => kind !== "foreign") ?? found[0];
  }

  #firstClass(options: readonly Expr[], module: string): ClassInfo | Foreign | undefined {
    const found = options.map((option) => this.classIn(option, module)).filter((each) => each !== undefined);
    return found.find(({ kind }) => kind === "class") ?? found[0];
  }

  #quoted({ literal, span }: ExprOf<"Constant">, module: string): ClassInfo | Foreign | undefined {
    if (literal.type !== "str" || !/^[\w.]+$/.test(literal.value)) return undefined;
    const [first = "", ...rest] = literal.value.split(".");
    const dotted = rest.reduce<Expr>((value, attr) => ({ kind: "Attribute", span, value, attr }), {
      kind: "Name",
      span,
      id: first,
    });
    return this.classIn(dotted, module);
  }

  #name(id: string, frame: Frame, steps: number): Reference | undefined {
    if (id === receiverName(frame) && frame.self !== undefined)
      return frame.fn.role === "class-method" ? frame.self : { kind: "instance", cls: frame.self };
    const param = frame.params.get(id);
    if (param !== undefined) return this.#argument(param, frame);
    const local = frame.locals.get(id);
    if (local?.kind === "constant") return this.#valueOf(local, frame, steps);
    if (local !== undefined) return this.#index.follow(local);
    if (frame.outer !== undefined) return this.#name(id, frame.outer, steps + 1);
    return this.#order.resolve({ kind: "Name", span: frame.fn.node.span, id }, frame.fn.module);
  }

  #argument({ role, annotation }: Param, frame: Frame): Reference | undefined {
    if (role === "args") return { kind: "foreign", name: "builtins.tuple()" };
    if (role === "kwargs") return { kind: "foreign", name: "builtins.dict()" };
    return instanceOf(this.classIn(annotation, frame.fn.module));
  }

  #valueOf(constant: Constant, frame: Frame, steps: number): Reference | undefined {
    const declared = instanceOf(this.classIn(constant.annotation, constant.module));
    return declared ?? (constant.value === null ? undefined : this.of(constant.value, frame, steps + 1));
  }

  #attribute(base: Reference | undefined, name: string, steps: number): Reference | undefined {
    switch (base?.kind) {
      case "module":
      case "foreign":
        return this.#index.member(base, name);
      case "class":
      case "instance":
        return this.#memberOf(base, name, steps);
      case "super":
        return bound(this.#order.methods(base.self, name, base.after), base.self);
      default:
        return undefined;
    }
  }

  #memberOf(
    base: ClassInfo | { readonly kind: "instance"; readonly cls: ClassInfo },
    name: string,
    steps: number,
  ): Reference | undefined {
    const cls = base.kind === "class" ? base : base.cls;
    const methods = this.#order.methods(cls, name);
    if (methods.length > 0) return bound(methods, cls);
    for (const ancestor of this.#order.of(cls)) {
      if (ancestor.kind === "foreign") continue;
      const field = ancestor.fields.find((each) => each.name === name);
      const declared = instanceOf(this.classIn(field?.annotation ?? null, ancestor.module));
      if (declared !== undefined) return declared;
      const stored = this.#stored(ancestor, name, cls, steps);
      if (stored !== undefined) return stored;
    }
    return undefined;
  }

  /** What a class's own methods store under `self.name`. */
  #stored(cls: ClassInfo, name: string, self: ClassInfo, steps: number): Reference | undefined {
    const module = this.#index.module(cls.module);
    if (module === undefined || steps > MAX_STEPS) return undefined;
    for (const method of cls.methods) {
      const receiver = method.node.params[0]?.name;
      for (const node of everyNodeOf(method.node.body)) {
        const value = valueStored(node, receiver, name);
        const found = value === undefined ? undefined : this.of(value, openFrame(method, module, self), steps + 3);
        if (found?.kind === "instance") return found;
      }
    }
    return undefined;
  }

  #result(call: ExprOf<"Call">, frame: Frame, steps: number): Reference | undefined {
    if (call.func.kind === "Name" && call.func.id === "super") return this.#superOf(call, frame, steps);
    const called = this.of(call.func, frame, steps + 1);
    switch (called?.kind) {
      case "class":
        return { kind: "instance", cls: called };
      case "foreign":
        return { kind: "foreign", name: `${called.name}()` };
      case "function":
        return this.#returned(called, undefined, steps);
      case "bound":
        return called.methods[0] === undefined ? undefined : this.#returned(called.methods[0], called.self, steps);
      default:
        return undefined;
    }
  }

  /** By the annotation of a function, else by its first return statement that says a class. */
  #returned(fn: FunctionInfo, self: ClassInfo | undefined, steps: number): Reference | undefined {
    const declared = instanceOf(this.classIn(fn.node.returns, fn.module));
    const module = this.#index.module(fn.module);
    if (declared !== undefined || module === undefined || steps > MAX_STEPS / 2) return declared;
    const frame = openFrame(fn, module, self);
    for (const node of everyNodeOf(fn.node.body)) {
      if (node.kind !== "Return" || node.value === null) continue;
      const found = this.of(node.value, frame, steps + 3);
      if (found?.kind === "instance") return found;
    }
    return undefined;
  }

  #superOf(call: ExprOf<"Call">, frame: Frame, steps: number): Reference | undefined {
    const named = call.args[0] === undefined ? undefined : this.of(call.args[0], frame, steps + 1);
    const defining = named?.kind === "class" ? named : this.definingClass(frame);
    if (defining === undefined) return undefined;
    return { kind: "super", self: frame.self ?? defining, after: defining };
  }

  /** The class whose body holds the function, or the function around it. */
  definingClass(frame: Frame): ClassInfo | undefined {
    const { owner, module } = frame.fn;
    if (owner === null) return frame.outer === undefined ? undefined : this.definingClass(frame.outer);
    const found = this.#index.find(`${module}.${owner}`);
    return found?.kind === "class" ? found : undefined;
  }
}

function instanceOf(cls: ClassInfo | Foreign | undefined): Reference | undefined {
  if (cls === undefined) return undefined;
  return cls.kind === "class" ? { kind: "instance", cls } : { kind: "foreign", name: `${cls.name}()` };
}

const bound = (methods: readonly FunctionInfo[], self: ClassInfo): Reference | undefined =>
  methods.length === 0 ? undefined : { kind: "bound", methods, self };

function valueStored(node: Expr | Stmt, receiver: string | undefined, name: string): Expr | undefined {
  if (node.kind !== "Assign" && node.kind !== "AnnAssign") return undefined;
  const targets = node.kind === "Assign" ? node.targets : [node.target];
  const isStore = targets.some(
    (target) =>
      target.kind === "Attribute" &&
      target.attr === name &&
      target.value.kind === "Name" &&
      target.value.id === receiver,
  );
  return isStore && node.value !== null ? node.value : undefined;
}
