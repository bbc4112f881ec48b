import type { Expr as Predicate, OperatorName, PyValue } from "@lem/config/invariants";
import { getAttribute, hasAttribute, openAttributes, setAttribute, userAttribute } from "./attributes.ts";
import { container } from "./arguments.ts";
import { instanceTest } from "./classes.ts";
import { dataOf } from "./data.ts";
import { and, condition, not, or, truthValue } from "./expr/conditions.ts";
import { constant, intern, TRUE } from "./expr/intern.ts";
import { apply, choose, textOf, typed, unknown } from "./expr/terms.ts";
import { sumOf } from "./comprehensions.ts";
import { everyOf, iterated, someOf } from "./iteration.ts";
import { mergeValues } from "./merge.ts";
import { settled } from "./names.ts";
import { collectsOf, truthOf } from "./operators.ts";
import { raise, raiseOf } from "./raising.ts";
import { data, literal, NO_VALUE, SOME_TEXT, untold, type Value } from "./value.ts";
import type { Arguments, At, Walk } from "./walk.ts";

type Builtin = (walk: Walk, args: Arguments, at: At) => Value | undefined;

const first = ({ positional }: Arguments): Value => positional[0] ?? untold("a missing argument");

/** Operators of the predicate language that are functions of Python. */
const asOperator =
  (op: OperatorName): Builtin =>
  (walk, { positional }, at) => {
    const expr = apply(op, ...positional.map((value) => dataOf(value, at.state)));
    raiseOf(walk, at, expr);
    return data(expr);
  };

/** What each function means; those that are not here are calls that cannot be followed. */
const BUILTINS: Readonly<Record<string, Builtin>> = {
  "builtins.isinstance": (walk, { positional: [value, cls] }, at) =>
    value === undefined || cls === undefined ? undefined : data(instanceTest(walk, value, cls, at)),
  "builtins.len": len,
  "builtins.type": (_, args) => (args.positional.length === 1 ? { kind: "type", of: first(args) } : undefined),
  "builtins.hasattr": (walk, { positional: [of, name] }, at) => {
    const word = name === undefined ? undefined : textOf(dataOf(name, at.state));
    return of === undefined || word === undefined ? undefined : data(hasAttribute(walk, of, word, at));
  },
  "builtins.getattr": getattr,
  "builtins.setattr": setattr,
  "builtins.object.__setattr__": setattr,
  "builtins.bool": (_, args, { state }) => data(truthValue(truthOf(first(args), state).expr)),
  "builtins.any": quantified("any"),
  "builtins.all": quantified("all"),
  "builtins.sum": sum,
  "builtins.abs": asOperator("abs"),
  "builtins.min": asOperator("min"),
  "builtins.max": asOperator("max"),
  "builtins.sorted": (walk, args, at) => (args.named.size === 0 ? asOperator("sorted")(walk, args, at) : undefined),
  "builtins.zip": (walk, args, at) => (args.positional.length === 2 ? asOperator("zip")(walk, args, at) : undefined),
  "builtins.set": madeOf("set"),
  "builtins.frozenset": madeOf("set"),
  "builtins.list": madeOf("list"),
  "builtins.tuple": madeOf("tuple"),
  "builtins.dict": dict,
  "builtins.int": (walk, args, at) => (args.positional.length === 1 ? asOperator("int")(walk, args, at) : undefined),
  "builtins.float": float,
  "builtins.str": asOperator("str"),
  "builtins.repr": () => SOME_TEXT,
  "builtins.format": () => SOME_TEXT,
  "builtins.id": () => untold("the identity of an object"),
  "builtins.callable": (_, args) =>
    first(args).kind === "data" ? untold("whether a value can be called") : literal(true),
  "builtins.print": () => NO_VALUE,
  "builtins.range": range,
  "builtins.enumerate": () => undefined,
  "math.isfinite": (walk, args, at) => finite(walk, args, at),
  "math.isnan": (walk, args, at) => {
    const size = magnitude(walk, args, at);
    return data(apply("ne", size, size));
  },
  "math.isinf": (walk, args, at) => data(apply("eq", magnitude(walk, args, at), constant(INFINITY))),
  "copy.deepcopy": (_, args) => first(args),
  "copy.copy": (_, args) => first(args),
  "typing.cast": (_, { positional }) => positional[1],
  "packaging.version.parse": version,
  "packaging.version.Version": version,
  "builtins.dict.fromkeys": (walk, args, at) => {
    const expr = apply("distinct", dataOf(first(args), at.state));
    raiseOf(walk, at, expr);
    return data(expr);
  },
};

const INFINITY: PyValue = { type: "float", value: Infinity };

/** A call of a function that is known; undefined for others. */
export function builtin(walk: Walk, name: string, args: Arguments, at: At): Value | undefined {
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name]?.(walk, args, at) : undefined;
}

function len(walk: Walk, args: Arguments, at: At): Value {
  const of = first(args);
  const record = of.kind === "container" ? at.state.record("container", of.id) : undefined;
  if (record !== undefined && !record.loose) {
    const collects = collectsOf(record.entries);
    const parts = collects.map(({ when }) => choose(when, constant(1), constant(0)));
    const expr = collects.every(({ when }) => when === TRUE) ? constant(parts.length) : sumOf(parts);
    return { kind: "size", expr, collects };
  }
  return asOperator("len")(walk, args, at) ?? untold("a length");
}

function getattr(walk: Walk, { positional: [of, name, otherwise] }: Arguments, at: At): Value | undefined {
  if (of === undefined || name === undefined) return undefined;
  const { state } = at;
  const word = textOf(dataOf(name, state));
  if (word === undefined) return byUserName(walk, of, dataOf(name, state), at);
  if (otherwise === undefined) return getAttribute(walk, of, word, at);
  const has = condition(hasAttribute(walk, of, word, at));
  if (has === TRUE) return getAttribute(walk, of, word, at);
  const line = state.fork();
  line.assume(has);
  const found = getAttribute(walk, of, word, { ...at, state: line });
  return mergeValues(has, [found, line], [otherwise, state]);
}

function byUserName(walk: Walk, of: Value, name: Predicate, at: At): Value {
  const known = of.kind === "foreign" ? settled(walk, of) : of;
  if ("raises" in known) {
    raise(walk, at, { exception: known.raises, kind: "implicit" });
    return untold("nothing");
  }
  return known.kind === "opaque" ? userAttribute(walk, known, name, at) : untold("an attribute by name");
}

function setattr(walk: Walk, { positional: [of, name, value] }: Arguments, at: At): Value | undefined {
  if (of === undefined || name === undefined || value === undefined) return undefined;
  if (name.kind === "other-key" && of.kind === "object") {
    openAttributes(walk, of, name.presence, at);
    return NO_VALUE;
  }
  const word = textOf(dataOf(name, at.state));
  if (word === undefined) return undefined;
  setAttribute(walk, of, word, [value, at]);
  return NO_VALUE;
}

/** `any(list)` and `all(list)`. */
function quantified(word: "any" | "all"): Builtin {
  return (walk, args, at) => {
    const over = iterated(walk, first(args), at);
    if (over.kind === "user") {
      const as = walk.newVariable();
      return data((word === "any" ? someOf : everyOf)(over.in, { op: "var", name: as }, as));
    }
    if (over.kind !== "items") return undefined;
    const truths = over.items.map(({ value, path }) => {
      const line = at.state.fork();
      line.path = [...line.path, ...path];
      return {
        there: and(...path.map((item) => (item.kind === "when" ? item.expr : unknown("a loop")))),
        truth: truthOf(value, line).expr,
      };
    });
    if (word === "any") return data(truthValue(or(...truths.map(({ there, truth }) => and(there, truth)))));
    return data(truthValue(and(...truths.map(({ there, truth }) => or(not(there), truth)))));
  };
}

function sum(walk: Walk, args: Arguments, at: At): Value | undefined {
  const over = iterated(walk, first(args), at);
  if (over.kind === "user") return asOperator("sum")(walk, args, at);
  if (over.kind !== "items" || over.items.some(({ path }) => path.length > 0)) return undefined;
  return data(sumOf(over.items.map(({ value }) => dataOf(value, at.state))));
}

/** `list(x)`, `set(x)`, `tuple(x)`. */
function madeOf(type: "list" | "set" | "tuple"): Builtin {
  return (walk, args, at) => {
    const [value] = args.positional;
    if (value === undefined) return container(walk, at.state, type, []);
    if (value.kind === "keywords" || value.kind === "given" || value.kind === "method") return asKeys(value, at);
    const expr = type === "set" && value.kind === "data" ? uniqueOf(walk, value.expr, at) : undefined;
    if (expr !== undefined) return data(expr);
    const over = iterated(walk, value, at);
    if (over.kind === "user") return data(type === "set" ? unknown("a set") : listed(over.in, type));
    if (over.kind !== "items") return undefined;
    const id = walk.newId();
    const entries = over.items.map((item) => ({ path: item.path, key: null, value: item.value, node: item }));
    at.state.heap.set(id, { kind: "container", type, entries, depth: at.state.path.length, loose: false });
    return { kind: "container", id };
  };
}

function asKeys(value: Value, { state }: At): Value {
  if (value.kind === "keywords")
    return { kind: "given", presence: state.record("keywords", value.id)?.presence ?? new Map() };
  return value;
}

function uniqueOf(walk: Walk, over: Predicate, at: At): Predicate {
  const expr = apply("unique", over);
  raiseOf(walk, at, expr);
  return expr;
}

/** A list of what a list holds is equal to it. */
function listed(over: Predicate, type: "list" | "tuple"): Predicate {
  const isDone = over.op === "distinct" && type === "list";
  return isDone ? over : choose(typed(over, [type]), over, unknown(`a ${type} of the user's elements`));
}

function dict(walk: Walk, { positional: [value], named }: Arguments, at: At): Value | undefined {
  if (value === undefined && named.size === 0) return container(walk, at.state, "dict", []);
  return named.size === 0 && value?.kind !== "container" ? value : undefined;
}

const isNumber = (expr: Predicate): Predicate => typed(expr, ["int", "float"]);

function float(walk: Walk, args: Arguments, at: At): Value {
  const expr = dataOf(first(args), at.state);
  raise(walk, at, { exception: null, when: not(typed(expr, ["int", "float", "str", "bytes"])), kind: "implicit" });
  return data(
    choose(isNumber(expr), apply("add", expr, constant({ type: "float", value: 0 })), unknown("a float of a text")),
  );
}

function range(walk: Walk, { positional }: Arguments, at: At): Value | undefined {
  const bounds = positional
    .map((value) => dataOf(value, at.state))
    .map((expr) => (expr.op === "const" ? expr.value : undefined));
  const [a, b] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  if (typeof a !== "number" || typeof b !== "number" || b - a > 64 || bounds.length > 2) return undefined;
  return container(
    walk,
    at.state,
    "list",
    Array.from({ length: Math.max(0, b - a) }, (_, index) => literal(a + index)),
  );
}

/** A version as PEP 440 writes it, in lower case: epoch, release, pre-, post- and development release, local part. */
const VERSION =
  "v?([0-9]+!)?[0-9]+(\\.[0-9]+)*([._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?[0-9]*)?" +
  "(-[0-9]+|[._-]?(post|rev|r)[._-]?[0-9]*)?([._-]?dev[._-]?[0-9]*)?(\\+[a-z0-9]+([._-][a-z0-9]+)*)?";

function version(walk: Walk, args: Arguments, at: At): Value {
  const expr = dataOf(first(args), at.state);
  const isText = typed(expr, ["str"]);
  raise(walk, at, { exception: "TypeError", when: not(isText), kind: "implicit" });
  const written = apply("lower", apply("strip", expr));
  const isVersion: Predicate = intern({ op: "matches", of: written, pattern: VERSION });
  raise(walk, at, { exception: "InvalidVersion", when: and(isText, not(isVersion)), kind: "implicit" });
  return untold("a version");
}

function magnitude(walk: Walk, args: Arguments, at: At): Predicate {
  const expr = apply("abs", dataOf(first(args), at.state));
  raiseOf(walk, at, expr);
  return expr;
}

const finite: Builtin = (walk, args, at) => data(apply("lt", magnitude(walk, args, at), constant(INFINITY)));
