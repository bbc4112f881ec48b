import type { Compiler, ValueCode } from "../compile/compiler.ts";
import type { LetExpr, PairwiseExpr, QuantifierExpr } from "../expression.ts";
import type { Frame } from "../frame.ts";
import { LIMITS } from "../limits.ts";
import {
  isFault,
  isRaises,
  isUnknown,
  raises,
  tainted,
  unknown,
  type Outcome,
  type Truth,
  type Unknown,
} from "../outcome.ts";
import { pythonVariable } from "../python/literal.ts";
import { iterate, type Iteration } from "../values/iteration.ts";
import { isDict, isSet, type PyValue } from "../values/value.ts";
import type { Form } from "./form.ts";
import { decide, moreCareful } from "./logic.ts";

const NAME = /^[A-Za-z]\w*$/;
const TOO_MANY = unknown("limit", "elements", true);
const ORDER_OF_SET = unknown("identity", "order of a set", true);

type Fold = (results: Iterable<Truth>, ordered: boolean) => Outcome;

/** Conditions over elements, stopping at the first equal to `stop`. */
const stopping =
  (stop: boolean): Fold =>
  (results, ordered) =>
    ordered ? decide(stop, results) : decideInAnyOrder(stop, [...results]);

/** The same of a set: a condition that raises may or may not come before one that stops. */
function decideInAnyOrder(stop: boolean, results: readonly Truth[]): Truth {
  const faults = results.filter((truth) => typeof truth !== "boolean");
  const [raised] = faults.filter(isRaises);
  if (raised === undefined) return decide(stop, [...faults, ...results]);
  if (results.includes(stop) || faults.some(isUnknown)) return ORDER_OF_SET;
  return faults.every((fault) => sameException(fault, raised)) ? raised : raises("Exception");
}

const sameException = (a: Truth, b: Truth): boolean =>
  typeof a === "object" &&
  typeof b === "object" &&
  a.type === "raises" &&
  b.type === "raises" &&
  a.exception === b.exception;

const counting: Fold = (results, ordered) => {
  let count = 0;
  let blame: Unknown | undefined;
  let raised: Truth | undefined;
  for (const truth of results) {
    if (typeof truth === "boolean") count += Number(truth);
    else if (truth.type === "unknown") blame = moreCareful(blame, truth);
    else {
      const first = raised === undefined || (!ordered && sameException(raised, truth));
      raised = first && blame?.mayRaise !== true ? truth : raises("Exception");
      if (ordered) break;
    }
  }
  return (raised as Outcome | undefined) ?? blame ?? count;
};

/** Applies a fold over the elements, each of them bound to the places in turn. */
function quantify(source: ValueCode, body: (frame: Frame, item: PyValue) => Truth, fold: Fold): ValueCode {
  return (frame) => {
    const value = source(frame);
    if (isFault(value)) return isUnknown(value) ? tainted(value) : value;
    const iteration = iterate(value);
    return "items" in iteration ? visit(frame, iteration, body, fold) : iteration;
  };
}

// oxlint-disable-next-line max-params -- the hot loop of every quantifier; an options object would be made for each
function visit(
  frame: Frame,
  { items, ordered }: Iteration,
  body: (frame: Frame, item: PyValue) => Truth,
  fold: Fold,
): Outcome {
  frame.steps += items.length;
  if (frame.steps > LIMITS.steps) return TOO_MANY;
  return fold(truths(frame, items, body), ordered);
}

function* truths<T>(frame: Frame, items: readonly T[], body: (frame: Frame, item: T) => Truth): Iterable<Truth> {
  for (const item of items) yield body(frame, item);
}

const QUANTIFIERS: Readonly<
  Record<QuantifierExpr["op"], { readonly fold: Fold; readonly python: string; readonly meaning: string }>
> = {
  every: {
    fold: stopping(false),
    python: "all($that for $as in $in)",
    meaning: "the condition holds for all elements",
  },
  some: { fold: stopping(true), python: "any($that for $as in $in)", meaning: "the condition holds for an element" },
  count: {
    fold: counting,
    python: "sum(1 for $as in $in if $that)",
    meaning: "number of elements for which the condition holds",
  },
};

const quantifier = (op: QuantifierExpr["op"]): Form<QuantifierExpr> => ({
  meaning: QUANTIFIERS[op].meaning,
  example: { [op]: { in: { f: "stop" }, as: "s", that: { eq: [{ v: "s" }, ""] } } },
  isCondition: op !== "count",
  parse: (body, reader) => {
    const fields = reader.object(body, ["in", "as", "that"]);
    const as = reader.text(fields.as, "variable", NAME);
    return { op, in: reader.expr(fields.in, "in"), as, that: reader.scoped([as], fields.that, "that") };
  },
  print: (expr, print) => ({ in: print(expr.in), as: expr.as, that: print(expr.that) }),
  children: (expr) => [expr.in, expr.that],
  value: (expr, compiler) => {
    const { inner, place } = compiler.bind(expr.as);
    const that = inner.truth(expr.that);
    const body = (frame: Frame, item: PyValue): Truth => {
      frame.variables[place] = item;
      return that(frame);
    };
    return quantify(compiler.value(expr.in), body, QUANTIFIERS[op].fold);
  },
  python: (expr, render) =>
    QUANTIFIERS[op].python.replaceAll(/\$(that|as|in)/g, (_, part: string) =>
      part === "as" ? pythonVariable(expr.as) : render(part === "in" ? expr.in : expr.that),
    ),
});

/** `all(... for x in ...)`. */
export const EVERY: Form<QuantifierExpr> = quantifier("every");

/** `any(... for x in ...)`. */
export const SOME: Form<QuantifierExpr> = quantifier("some");

/** `sum(1 for x in ... if ...)`. */
export const COUNT: Form<QuantifierExpr> = quantifier("count");

/** `all(... for a, b in zip(x, x[1:]))`. */
export const PAIRWISE: Form<PairwiseExpr> = {
  meaning: "the condition holds for all neighbours of a sequence",
  example: { pairwise: { in: { f: "buckets" }, as: ["a", "b"], that: { lt: [{ v: "a" }, { v: "b" }] } } },
  isCondition: true,
  parse: (body, reader) => {
    const fields = reader.object(body, ["in", "as", "that"]);
    const [a, b] = reader.array(fields.as, 2, 2).map((name) => reader.text(name, "variable", NAME)) as [string, string];
    if (a === b) return reader.fail("the two variables need different names");
    return {
      op: "pairwise",
      in: reader.expr(fields.in, "in"),
      as: [a, b],
      that: reader.scoped([a, b], fields.that, "that"),
    };
  },
  print: (expr, print) => ({ in: print(expr.in), as: [...expr.as], that: print(expr.that) }),
  children: (expr) => [expr.in, expr.that],
  value: (expr, compiler) => pairwiseCode(expr, compiler),
  python: ({ in: source, as: [a, b], that }, render) => {
    const names = `${pythonVariable(a)}, ${pythonVariable(b)}`;
    return `(lambda s: all(${render(that)} for ${names} in zip(s, s[1:])))(${render(source)})`;
  },
};

function pairwiseCode(expr: PairwiseExpr, compiler: Compiler): ValueCode {
  const source = compiler.value(expr.in);
  const first = compiler.bind(expr.as[0]);
  const second = first.inner.bind(expr.as[1]);
  const that = second.inner.truth(expr.that);
  const body = (frame: Frame, [a, b]: readonly [PyValue, PyValue]): Truth => {
    frame.variables[first.place] = a;
    frame.variables[second.place] = b;
    return that(frame);
  };
  const fold = stopping(false);
  return (frame) => {
    const value = source(frame);
    if (isFault(value)) return isUnknown(value) ? tainted(value) : value;
    const items = sliceable(value);
    if (!Array.isArray(items)) return items as Outcome;
    frame.steps += items.length;
    if (frame.steps > LIMITS.steps) return TOO_MANY;
    const pairs = items.slice(1).map((item, index) => [items[index] as PyValue, item as PyValue] as const);
    return fold(truths(frame, pairs, body), true);
  };
}

/** The elements of what can be sliced; a dict raises KeyError or TypeError, depending on Python's version. */
function sliceable(value: PyValue): readonly PyValue[] | Outcome {
  if (isDict(value)) return raises("Exception");
  if (isSet(value)) return raises("TypeError");
  const iteration = iterate(value);
  return "items" in iteration ? iteration.items : iteration;
}

/** A name for a value. */
export const LET: Form<LetExpr> = {
  meaning: "names a value; it is evaluated first, whether it is needed or not",
  example: {
    let: { as: "n", be: { len: { f: "stop" } }, in: { all: [{ gt: [{ v: "n" }, 0] }, { lt: [{ v: "n" }, 5] }] } },
  },
  isCondition: false,
  parse: (body, reader) => {
    const fields = reader.object(body, ["as", "be", "in"]);
    const as = reader.text(fields.as, "variable", NAME);
    return { op: "let", as, be: reader.expr(fields.be, "be"), in: reader.scoped([as], fields.in, "in") };
  },
  print: (expr, print) => ({ as: expr.as, be: print(expr.be), in: print(expr.in) }),
  children: (expr) => [expr.be, expr.in],
  value: (expr, compiler) => bound(expr, compiler, ({ inner }) => inner.value(expr.in)),
  truth: (expr, compiler) => bound(expr, compiler, ({ inner }) => inner.truth(expr.in)),
  python: (expr, render) => `(lambda ${pythonVariable(expr.as)}: ${render(expr.in)})(${render(expr.be)})`,
};

function bound<T extends Outcome>(
  expr: LetExpr,
  compiler: Compiler,
  compileBody: (scope: ReturnType<Compiler["bind"]>) => (frame: Frame) => T,
): (frame: Frame) => T | Unknown | ReturnType<typeof raises> {
  const be = compiler.value(expr.be);
  const scope = compiler.bind(expr.as);
  const body = compileBody(scope);
  return (frame) => {
    const value = be(frame);
    if (isRaises(value)) return value;
    frame.variables[scope.place] = isUnknown(value) ? { ...value, mayRaise: false } : value;
    const result = body(frame);
    if (!isUnknown(value) || !value.mayRaise) return result;
    return isRaises(result) ? raises("Exception") : value;
  };
}
