import {
  childrenOf,
  isSet,
  list,
  parsePredicate,
  printPredicate,
  readsOf,
  type Expr,
  type PyValue,
  type Values,
} from "@lem/config/invariants";
import type { JsonValue } from "@lem/domain";
import { valueKey } from "./background.ts";
import { elementLenses, lensesOf, type Scope } from "./lens.ts";
import { around, dictOf, elementsOf, OF_TYPE, ofLength, WILD } from "./sample-values.ts";

/** Values worth trying in one field: those near what conditions compare it with, and such as no one expects. */
export interface Pool {
  readonly sharp: readonly PyValue[];
  readonly wild: readonly PyValue[];
}

/** A pool per field. */
export type Pools = ReadonlyMap<string, Pool>;

const MOST_SHARP = 48;
const MOST_COMBINED = 40;

/** Collects values per field, each once. */
class Collector {
  readonly #found = new Map<string, Map<string, PyValue>>();

  add(field: string, values: readonly PyValue[], most = MOST_SHARP): void {
    const own = this.#found.get(field) ?? new Map<string, PyValue>();
    this.#found.set(field, own);
    for (const value of values) {
      const key = valueKey(value);
      if (own.size < most && !own.has(key)) own.set(key, value);
    }
  }

  at(field: string): readonly PyValue[] {
    return [...(this.#found.get(field)?.values() ?? [])];
  }
}

/** Pools for all parameters, from the constants and facts of the predicates that read them. */
export function poolsOf(
  predicates: readonly Expr[],
  parameters: ReadonlyMap<string, PyValue | undefined>,
  facts: Values = new Map(),
): Pools {
  const collector = new Collector();
  for (const predicate of predicates) collect(withFacts(predicate, facts), new Map(), collector);
  for (const [name, value] of parameters) if (value !== undefined) collector.add(name, around(value));
  return new Map([...parameters.keys()].map((name) => [name, poolOf(collector.at(name))]));
}

/** Pools with some more values that are likely to matter. */
export const withSamples = (pools: Pools, samples: ReadonlyMap<string, readonly PyValue[]> = new Map()): Pools =>
  new Map([...pools].map(([name, pool]) => [name, { ...pool, sharp: [...pool.sharp, ...(samples.get(name) ?? [])] }]));

/** The predicate with values in place of the facts that are known. */
function withFacts(predicate: Expr, facts: Values): Expr {
  if (!readsOf(predicate).facts.some((name) => facts.has(name))) return predicate;
  const filled = (json: JsonValue): JsonValue => {
    if (Array.isArray(json)) return json.map(filled);
    if (json === null || typeof json !== "object") return json;
    const known = "fact" in json ? facts.get(String(json["fact"] as string)) : undefined;
    if (known !== undefined) return printPredicate({ op: "const", value: known });
    return Object.fromEntries(Object.entries(json).map(([key, part]) => [key, filled(part)]));
  };
  return parsePredicate(filled(printPredicate(predicate)));
}

function poolOf(sharp: readonly PyValue[]): Pool {
  const known = new Set(sharp.map(valueKey));
  return { sharp: sharp.length === 0 ? WILD : sharp, wild: WILD.filter((value) => !known.has(valueKey(value))) };
}

function collect(expr: Expr, scope: Scope, collector: Collector): void {
  const most = isOfSets(expr) ? MOST_SHARP + MOST_COMBINED : MOST_SHARP;
  for (const [part, wanted] of wantedIn(expr)) {
    for (const { field, build } of lensesOf(part, scope)) collector.add(field, wanted.flatMap(build), most);
  }
  const inner = innerScope(expr, scope);
  for (const child of childrenOf(expr)) collect(child, inner, collector);
}

/** What a set may hold shows in its combinations alone, of which other values must leave room. */
const isOfSets = (expr: Expr): boolean =>
  (expr.op === "subset" || expr.op === "disjoint") && expr.args.some((arg) => arg.op === "const" && isSet(arg.value));

function innerScope(expr: Expr, scope: Scope): Scope {
  if (expr.op === "let") return new Map([...scope, [expr.as, lensesOf(expr.be, scope)]]);
  if (!("as" in expr)) return scope;
  const lenses = elementLenses(expr.in, scope);
  return new Map([...scope, ...[expr.as].flat().map((name) => [name, lenses] as const)]);
}

type Wanted = readonly (readonly [part: Expr, values: readonly PyValue[]])[];

/** The parts of one node with the values they should be tried with. */
function wantedIn(expr: Expr): Wanted {
  switch (expr.op) {
    case "between":
      return [[expr.of, [expr.low, expr.high].flatMap(constantsNear)]];
    case "is":
    case "isNot":
      return [[expr.of, around(expr.value)]];
    case "type":
    case "exactType":
      return [[expr.of, expr.classes.flatMap((name) => OF_TYPE[name] ?? [])]];
    case "matches":
      return [[expr.of, [expr.pattern, expr.pattern.replaceAll(/[^\w .-]/g, "")]]];
    default:
      return wantedByShape(expr);
  }
}

function wantedByShape(expr: Expr): Wanted {
  if ("that" in expr) return [[expr.in, [list([]), ...ofLength(1), ...ofLength(2), list(["x"])]]];
  const tested = expr.op === "ite" ? [expr.test] : expr.op === "not" ? [expr.of] : [];
  const joined = expr.op === "all" || expr.op === "any" ? expr.args : tested;
  if (joined.length > 0) return joined.map((part) => [part, BOTH_TRUTHS] as const);
  return "args" in expr ? wantedByOperator(expr.op, expr.args) : [];
}

const BOTH_TRUTHS: readonly PyValue[] = [true, false, 0, 1, null, "", "x"];

const constantsNear = (expr: Expr): readonly PyValue[] => (expr.op === "const" ? around(expr.value) : SPREAD);

/** For fields that are compared with one another. */
const SPREAD: readonly PyValue[] = [0, 1, 2, 3, 4, 8];

type WantedBy = (a: Expr, b: Expr) => Wanted;

const compared: WantedBy = (a, b) => [
  [a, constantsNear(b)],
  [b, constantsNear(a)],
];
const affixed: WantedBy = (a, b) => [[a, textsWith(b)]];
const related: WantedBy = (a, b) => [
  [a, setsNear(b)],
  [b, setsNear(a)],
];
const divided: WantedBy = (a, b) => [
  [a, divisible(b)],
  [b, [0, 1, 2, 3]],
];

const WANTED_BY: Readonly<Record<string, WantedBy>> = {
  ...Object.fromEntries(["eq", "ne", "lt", "le", "gt", "ge"].map((op) => [op, compared])),
  ...Object.fromEntries(["mod", "floordiv", "div"].map((op) => [op, divided])),
  in: membership,
  notIn: membership,
  startsWith: affixed,
  endsWith: affixed,
  subset: related,
  disjoint: related,
};

function wantedByOperator(op: string, [a, b]: readonly Expr[]): Wanted {
  if (a === undefined) return [];
  if (b === undefined) return op === "truthy" || op === "notNone" ? [[a, BOTH_TRUTHS]] : [];
  return WANTED_BY[op]?.(a, b) ?? [];
}

/** Of longer containers a few items stand for all, so that others have their turn. */
const LONG = 12;

function membership(needle: Expr, container: Expr): Wanted {
  const items = itemsOf(container) ?? SPREAD;
  const inside = items.length < LONG ? items : items.slice(0, 2);
  const outside = inside.flatMap(around).slice(0, items.length < LONG ? 24 : 1);
  const holding = needle.op === "const" ? [list([needle.value]), ...dictsOf(needle.value), needle.value] : [];
  return [
    [needle, [...inside, ...outside]],
    [container, holding],
  ];
}

/** What a container holds, as far as it is written down; undefined for the user's own. */
function itemsOf(container: Expr): readonly PyValue[] | undefined {
  if (container.op === "const") return elementsOf(container.value);
  if (!["list", "tuple", "set"].includes(container.op) || !("args" in container)) return undefined;
  return container.args.flatMap((item) => (item.op === "const" ? [item.value] : []));
}

const dictsOf = (key: PyValue): readonly PyValue[] =>
  typeof key === "string" || typeof key === "number" ? [dictOf(key, 1)] : [];

function textsWith(part: Expr): readonly PyValue[] {
  if (part.op !== "const") return ["x"];
  const texts = typeof part.value === "string" ? [part.value] : elementsOf(part.value);
  return texts.flatMap((text) => (typeof text === "string" ? [text, `${text}x`, `x${text}`] : []));
}

const setsNear = (other: Expr): readonly PyValue[] =>
  other.op === "const"
    ? [...around(other.value), ...(isSet(other.value) ? combined(elementsOf(other.value)) : [])]
    : [...ofLength(1), ...ofLength(2)];

/** Lists of one to three elements, and of one that is none of them beside one that is. */
function combined(elements: readonly PyValue[]): readonly PyValue[] {
  const [first] = elements;
  if (first === undefined) return [];
  const few = elements.slice(0, 4);
  const pairs = few.flatMap((one) => few.map((other) => [one, other]));
  const strangers = around(first).filter((value) => !elements.includes(value));
  return [
    ...few.map((one) => list([one])),
    ...strangers.slice(0, 2).flatMap((other) => [list([other]), list([first, other])]),
    ...pairs.map(list),
    ...pairs.map((pair) => list([...pair, first])),
  ];
}

function divisible(by: Expr): readonly PyValue[] {
  const step = by.op === "const" && typeof by.value === "number" ? by.value : 2;
  return [0, 1, 2, 3, step, 2 * step, step + 1];
}
