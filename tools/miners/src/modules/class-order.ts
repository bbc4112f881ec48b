import type { Expr } from "../syntax/expressions.ts";
import type { ClassInfo, Definition, Foreign, FunctionInfo } from "./definitions.ts";
import type { ModuleIndex } from "./module-index.ts";

/** A class of the tree, or one outside it, of which only the name is known. */
export type Ancestor = ClassInfo | Foreign;

/** The method resolution order of classes (C3, as Python computes it). */
export class ClassOrder {
  readonly #index: ModuleIndex;
  readonly #orders = new Map<string, readonly Ancestor[]>();

  constructor(index: ModuleIndex) {
    this.#index = index;
  }

  /** The class itself, then its ancestors; where C3 finds no order, depth first, as a best guess. */
  of(cls: ClassInfo): readonly Ancestor[] {
    const key = keyOf(cls);
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    this.#orders.set(key, [cls]);
    const bases = this.basesOf(cls);
    const orders = bases.map((base) => (base.kind === "class" ? [...this.of(base)] : [base]));
    const order = [cls, ...(merge([...orders, [...bases]]) ?? distinct(orders.flat()))];
    this.#orders.set(key, order);
    return order;
  }

  /** Direct bases. One that cannot be resolved stands as a foreign class under its written name. */
  basesOf(cls: ClassInfo): readonly Ancestor[] {
    return cls.node.bases.map((base) => {
      const found = this.resolve(base, cls.module);
      return found?.kind === "class" || found?.kind === "foreign"
        ? found
        : { kind: "foreign", name: `?${dottedName(base)}` };
    });
  }

  /** Resolves a dotted expression at the top of a module; `Generic[T]` counts as `Generic`. */
  resolve(expr: Expr, module: string): Definition | undefined {
    if (expr.kind === "Subscript") return this.resolve(expr.value, module);
    if (expr.kind === "Attribute") {
      const holder = this.resolve(expr.value, module);
      return holder === undefined ? undefined : this.#index.member(holder, expr.attr);
    }
    const home = this.#index.module(module);
    if (expr.kind !== "Name" || home === undefined) return undefined;
    return this.#index.member(home, expr.id) ?? { kind: "foreign", name: `builtins.${expr.id}` };
  }

  /** The methods of one name that an instance of `cls` has, nearest first; `after` starts behind that class. */
  methods(cls: ClassInfo, name: string, after?: ClassInfo): readonly FunctionInfo[] {
    const order = this.of(cls);
    const from = after === undefined ? 0 : order.findIndex((each) => keyOf(each) === keyOf(after)) + 1;
    for (const ancestor of order.slice(from)) {
      const found = ancestor.kind === "class" ? ancestor.methods.filter(({ node }) => node.name === name) : [];
      if (found.length > 0) return found;
    }
    return [];
  }

  /** True for a module outside the tree. */
  isForeign(module: string): boolean {
    return this.#index.find(module)?.kind === "foreign";
  }

  /** True when a class descends from one outside the tree, such as `enum.Enum`. */
  hasForeignAncestor(cls: ClassInfo, test: RegExp): boolean {
    return this.of(cls).some((ancestor) => ancestor.kind === "foreign" && test.test(ancestor.name));
  }
}

/** Where Enums come from: `strenum` brings older Pythons what `enum` has now. */
export const ENUM_HOME: RegExp = /^(enum|strenum)\./;

/** One name for a class wherever it is met. */
export const keyOf = (cls: Ancestor): string => (cls.kind === "class" ? `${cls.module}:${cls.qualname}` : cls.name);

/** The C3 merge; undefined when the bases contradict one another. */
function merge(lists: Ancestor[][]): Ancestor[] | undefined {
  const merged: Ancestor[] = [];
  for (
    let rest = lists.filter((list) => list.length > 0);
    rest.length > 0;
    rest = rest.filter((list) => list.length > 0)
  ) {
    const inTail = (key: string): boolean => rest.some((list) => list.slice(1).some((each) => keyOf(each) === key));
    const next = rest.map(([head]) => head).find((head) => head !== undefined && !inTail(keyOf(head)));
    if (next === undefined) return undefined;
    merged.push(next);
    for (const list of rest) if (list[0] !== undefined && keyOf(list[0]) === keyOf(next)) list.shift();
  }
  return merged;
}

const distinct = (list: readonly Ancestor[]): readonly Ancestor[] => [
  ...new Map(list.map((each) => [keyOf(each), each])).values(),
];

/** `a.b.c` as written; other expressions give their kind. */
export function dottedName(expr: Expr): string {
  if (expr.kind === "Name") return expr.id;
  if (expr.kind === "Attribute") return `${dottedName(expr.value)}.${expr.attr}`;
  return expr.kind === "Subscript" || expr.kind === "Call"
    ? dottedName(expr.kind === "Call" ? expr.func : expr.value)
    : `<${expr.kind}>`;
}
