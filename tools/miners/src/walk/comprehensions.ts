import type { Expr as Predicate } from "@lem/config/invariants";
import type { Expr, ExprOf } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { and, condition, not, or, truthValue } from "./expr/conditions.ts";
import { apply, display, unknown, variable } from "./expr/terms.ts";
import { countOf, everyOf, iterated, someOf, type Iterated } from "./iteration.ts";
import type { Entry, State } from "./state.ts";
import { data, untold, type Value } from "./value.ts";
import type { Walk } from "./walk.ts";

type Comprehension = ExprOf<"ListComp" | "SetComp" | "GeneratorExp">;

/** Elements of a comprehension, one line each: their value, and the condition under which they are there. */
export interface Elements {
  readonly over: Exclude<Iterated, { kind: "items" }> | null;
  readonly as: string;
  readonly items: readonly { readonly value: Value; readonly test: Predicate; readonly line: State }[];
}

/** Walks a comprehension with one loop; undefined for others. */
export function elementsOf(walk: Walk, node: Comprehension, state: State): Elements | undefined {
  const [generator, second] = node.generators;
  if (generator === undefined || second !== undefined) return undefined;
  const source = walk.evaluate(generator.iter, state);
  if (!state.live) return undefined;
  const over = iterated(walk, source, { node, state });
  const as = walk.newVariable();
  const element = (value: Value, line: State): Elements["items"][number] => {
    const start = line.path.length;
    walk.assign(generator.target, value, line);
    for (const test of generator.ifs) {
      const { expr } = walk.condition(test, line);
      line.assume(expr);
    }
    const tests = line.path.slice(start).flatMap((item) => (item.kind === "when" ? [item.expr] : []));
    return { value: walk.evaluate(node.elt, line), test: and(...tests), line };
  };
  if (over.kind === "items")
    return {
      over: null,
      as,
      items: over.items.map(({ value, path }) => {
        const line = state.fork();
        for (const item of path) if (item.kind === "when") line.assume(item.expr);
        return element(value, line);
      }),
    };
  const line = state.fork();
  if (over.kind !== "user")
    return { over, as, items: [element(untold(over.kind === "unknown" ? over.what : "other keywords"), line)] };
  line.path = [...line.path, { kind: "each", in: over.in, as }];
  return { over, as, items: [element(data(variable(as)), line)] };
}

/** A list, set or generator whose elements are told one by one; of the user's elements only the sizes can be told. */
export function comprehension(walk: Walk, node: Comprehension, state: State): Value {
  const found = elementsOf(walk, node, state);
  if (found === undefined || found.over !== null) return sizesOf(found) ?? untold("a list made of the user's elements");
  const type = node.kind === "SetComp" ? "set" : "list";
  const entries = found.items.map(({ value, test }): Entry => ({
    path: test === TRUTH ? [] : [{ kind: "when", expr: test, collects: [] }],
    key: null,
    value,
    node,
  }));
  const id = walk.newId();
  state.heap.set(id, { kind: "container", type, entries, depth: state.path.length, loose: false });
  return { kind: "container", id };
}

/** A dict made of elements: only what it is made of may raise. */
export function dictComprehension(walk: Walk, node: ExprOf<"DictComp">, state: State): Value {
  const [generator] = node.generators;
  if (generator !== undefined) iterated(walk, walk.evaluate(generator.iter, state), { node, state });
  return untold("a dict made of the user's elements");
}

const TRUTH: Predicate = and();

/** `len(x) for x in ...`. */
function sizesOf(found: Elements | undefined): Value | undefined {
  const [element] = found?.items ?? [];
  if (found?.over?.kind !== "user" || element === undefined || element.test !== TRUTH) return undefined;
  const expr = dataOf(element.value, element.line);
  const isSize = expr.op === "len" && expr.args[0] === variable(found.as);
  return isSize ? data(apply("lengths", found.over.in)) : undefined;
}

/** Calls that take a generator apart instead of listing it. */
export type Fold = "any" | "all" | "sum";

/** `any(...)`, `all(...)`, `sum(...)` of a comprehension. */
export function folded(walk: Walk, fold: Fold, node: Comprehension, state: State): Value {
  const found = elementsOf(walk, node, state);
  if (found === undefined) return untold("a comprehension of several loops");
  const truths = found.items.map(({ value, test, line }) => ({
    test,
    value: condition(dataOf(value, line)),
    expr: dataOf(value, line),
  }));
  if (found.over === null) return data(foldItems(fold, truths));
  const [element] = truths;
  if (found.over.kind !== "user" || element === undefined) return untold("a comprehension over unknown elements");
  const over = found.over.in;
  if (fold === "any") return data(someOf(over, and(element.test, element.value), found.as));
  if (fold === "all") return data(everyOf(over, or(not(element.test), element.value), found.as));
  const isOne = element.expr.op === "const" && element.expr.value === 1;
  const isTruth = element.test === TRUTH && isBoolean(element.expr);
  if (isOne) return data(countOf(over, element.test, found.as));
  return isTruth ? data(countOf(over, element.value, found.as)) : untold("a sum over the user's elements");
}

const isBoolean = (expr: Predicate): boolean => /^(eq|ne|lt|le|gt|ge|is|isNot|type|in|notIn|not|isSet)$/.test(expr.op);

function foldItems(fold: Fold, truths: readonly { test: Predicate; value: Predicate; expr: Predicate }[]): Predicate {
  if (fold === "any") return truthValue(or(...truths.map(({ test, value }) => and(test, value))));
  if (fold === "all") return truthValue(and(...truths.map(({ test, value }) => or(not(test), value))));
  return truths.every(({ test }) => test === TRUTH)
    ? sumOf(truths.map(({ expr }) => expr))
    : unknown("a sum under conditions");
}

/** The sum of values that are known one by one. */
export function sumOf(values: readonly Predicate[]): Predicate {
  return apply("sum", display("list", values));
}

/** Whether an argument is a comprehension that can be folded. */
export const isComprehension = (expr: Expr | undefined): expr is Comprehension =>
  expr?.kind === "GeneratorExp" || expr?.kind === "ListComp" || expr?.kind === "SetComp";
