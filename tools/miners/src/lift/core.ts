import { canonicalJson } from "@lem/domain";
import { list, printPredicate, type Expr } from "@lem/config/invariants";
import type { Constraints, CoreShape } from "../probe/description.ts";
import {
  all,
  any,
  apply,
  constantOf,
  either,
  every,
  isExactly,
  isType,
  not,
  some,
  unknown,
  value,
  variable,
} from "./build.ts";
import { liftMembers } from "./lookups.ts";
import { accepted, errorsWhen, foreign, mergedErrors, refused, untouched, type Given, type Lifted } from "./lifted.ts";
import {
  liftBool,
  liftBytes,
  liftFloat,
  liftInt,
  liftLiteral,
  liftNone,
  liftText,
  strictly,
  withError,
} from "./scalars.ts";

type Facts<T extends CoreShape["type"]> = CoreShape & { readonly type: T };
type Lift<T extends CoreShape["type"]> = (shape: Facts<T>, given: Given) => Lifted;

const LIFTS: { readonly [T in CoreShape["type"]]: Lift<T> } = {
  any: (_, { of }) => untouched(of),
  none: (_, given) => liftNone(given),
  bool: liftBool,
  int: liftInt,
  float: liftFloat,
  str: liftText,
  bytes: liftBytes,
  callable: (_, { of }) =>
    strictly(either(isType(of, ...PLAIN), value(false), unknown("callable")), of, "callable_type"),
  list: collection("list", "list_type"),
  set: collection("set", "set_type"),
  frozenset: collection("frozenset", "frozen_set_type"),
  tuple: liftTuple,
  dict: liftDict,
  nullable: liftNullable,
  union: liftUnion,
  chain: liftChain,
  literal: liftLiteral,
  enum: liftMembers,
  class: ({ class: name }, { of }) => strictly(isType(of, name), of, "is_instance_of"),
  nested: liftNested,
  "function-before": liftBefore,
  "function-wrap": () => foreign("a validator around the type's own"),
  "function-plain": () => foreign("a validator instead of the type's own"),
  "function-after": liftAfter,
  other: ({ name }) => foreign(`a validator of type ${name}`),
};

const PLAIN = ["none", "bool", "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "frozenset"];
const COLLECTIONS = ["list", "tuple", "set", "frozenset"];

/** What a core schema does to a value, in pydantic's lax mode unless told otherwise. */
export function liftCore(shape: CoreShape, given: Given): Lifted {
  const lift = LIFTS[shape.type] as (shape: CoreShape, given: Given) => Lifted;
  return lift(shape, given);
}

/** The errors that a type has inside of it are told with its own. */
function inItems(items: CoreShape | undefined, of: Expr, given: Given): Lifted {
  const name = `item${given.depth === 0 ? "" : given.depth}`;
  const inner = liftCore(items ?? { type: "any" }, { ...given, of: variable(name), depth: given.depth + 1 });
  return {
    errors: errorsWhen(inner.errors, (when) => some(of, name, when)),
    value: of,
    same: every(of, name, inner.same),
    strict: every(of, name, inner.strict),
  };
}

function collection(kind: "list" | "set" | "frozenset", error: string): Lift<"list" | "set" | "frozenset"> {
  return (shape, given) => {
    const { of } = given;
    const strict = shape.strict ?? given.strict;
    const taken = isType(of, ...(strict ? [kind] : COLLECTIONS));
    const inner = inItems(shape.items, of, given);
    const same = all(isExactly(of, kind), inner.same);
    const lifted: Lifted = {
      errors: mergedErrors([new Map([[error, not(taken)]]), errorsWhen(inner.errors, (when) => all(taken, when))]),
      value: either(same, of, unknown(`a new ${kind}`)),
      same,
      strict: all(isType(of, kind), inner.strict),
    };
    return kind === "list" ? lengthyList(lifted, shape, { of, taken }) : lengthy(lifted, shape, apply("unique", of));
  };
}

/** A list that is too long is told alone, before its items are looked at. */
function lengthyList(lifted: Lifted, facts: Constraints, { of, taken }: { of: Expr; taken: Expr }): Lifted {
  const { max_length: most, ...rest } = facts;
  const short = lengthy(lifted, rest, of);
  if (most === undefined) return short;
  const long = all(taken, apply("gt", apply("len", of), value(most)));
  const errors = errorsWhen(short.errors, (when) => all(not(long), when));
  return { ...short, errors: new Map([...errors, ["too_long", long]]), refused: undefined };
}

function lengthy(lifted: Lifted, { min_length, max_length }: Constraints, of: Expr): Lifted {
  const length = apply("len", of);
  const short = min_length === undefined ? value(false) : apply("lt", length, value(min_length));
  const long = max_length === undefined ? value(false) : apply("gt", length, value(max_length));
  const checked = min_length === undefined ? lifted : withError(lifted, "too_short", short);
  return max_length === undefined ? checked : withError(checked, "too_long", long);
}

function liftTuple(shape: Facts<"tuple">, given: Given): Lifted {
  const { of } = given;
  const taken = isType(of, ...((shape.strict ?? given.strict) ? ["tuple"] : COLLECTIONS));
  const [only] = shape.items;
  if (shape.variadic_item_index !== 0 || shape.items.length !== 1)
    return shape.variadic_item_index === undefined
      ? fixedTuple(shape, given, taken)
      : foreign("a tuple of mixed length");
  const inner = inItems(only, of, given);
  const same = all(isExactly(of, "tuple"), inner.same);
  const lifted: Lifted = {
    errors: mergedErrors([new Map([["tuple_type", not(taken)]]), errorsWhen(inner.errors, (when) => all(taken, when))]),
    value: either(same, of, unknown("a new tuple")),
    same,
    strict: all(isType(of, "tuple"), inner.strict),
  };
  return lengthyList(lifted, shape, { of, taken });
}

/** Sets have no places: which item is the first is not known. */
function fixedTuple({ items }: Facts<"tuple">, given: Given, taken: Expr): Lifted {
  const { of } = given;
  const count = value(items.length);
  const length = apply("len", of);
  const placed = isType(of, "list", "tuple");
  const inner = items.map((item, place) => {
    const lifted = liftCore(item, { ...given, of: apply("index", of, value(place)) });
    const there = all(taken, apply("gt", length, value(place)), apply("le", length, count));
    return {
      ...lifted,
      errors: errorsWhen(lifted.errors, (when) => all(there, either(placed, when, unknown("order of a set")))),
    };
  });
  const own = new Map([
    ["tuple_type", not(taken)],
    ["missing", all(taken, apply("lt", length, count))],
    ["too_long", all(taken, apply("gt", length, count))],
  ]);
  const fits = all(isExactly(of, "tuple"), apply("eq", length, count));
  const same = all(fits, ...inner.map((each) => each.same));
  return {
    errors: mergedErrors([own, ...inner.map(({ errors }) => errors)]),
    value: either(same, of, unknown("a new tuple")),
    same,
    strict: all(fits, ...inner.map(({ strict }) => strict)),
  };
}

function liftDict(shape: Facts<"dict">, given: Given): Lifted {
  const { of } = given;
  const taken = isType(of, "dict");
  const keys = inItems(shape.keys, apply("keys", of), given);
  const values = inItems(shape.values, apply("values", of), given);
  const errors = mergedErrors([
    new Map([["dict_type", not(taken)]]),
    ...[keys, values].map((inner) => errorsWhen(inner.errors, (when) => all(taken, when))),
  ]);
  const same = all(taken, keys.same, values.same);
  const lifted = {
    errors,
    value: either(same, of, unknown("a new dict")),
    same,
    strict: all(taken, keys.strict, values.strict),
  };
  return lengthy(lifted, shape, of);
}

function liftNullable({ of: inner }: Facts<"nullable">, given: Given): Lifted {
  const lifted = liftCore(inner, given);
  const none: Expr = { op: "is", of: given.of, value: null };
  const there: Expr = { op: "isNot", of: given.of, value: null };
  return {
    errors: errorsWhen(lifted.errors, (when) => all(there, when)),
    refused: all(there, refused(lifted)),
    value: constantSame(lifted) ? given.of : either(none, given.of, lifted.value),
    same: any(none, lifted.same),
    strict: any(none, lifted.strict),
  };
}

const constantSame = ({ value: made, same }: Lifted): boolean => same.op === "const" && made.op !== "unknown";

/** All choices' errors are told, when none takes the value; of those that do, the one that changes it least. */
function liftUnion({ of: choices, mode }: Facts<"union">, given: Given): Lifted {
  const lifted = choices.map((choice) => liftCore(choice, given));
  const none = all(...lifted.map(refused));
  const errors = errorsWhen(mergedErrors(lifted.map((each) => each.errors)), (when) => all(none, when));
  const same = any(...lifted.map((each) => each.same));
  const first = (test: (each: Lifted) => Expr, rest: Expr): Expr =>
    lifted.reduceRight((otherwise, each) => either(test(each), each.value, otherwise), rest);
  const lax = first(accepted, given.of);
  const smart = either(
    same,
    given.of,
    first(({ strict }) => strict, lax),
  );
  return {
    errors,
    refused: none,
    value: mode === "left_to_right" ? lax : smart,
    same,
    strict: any(...lifted.map(({ strict }) => strict)),
  };
}

function liftChain({ of: steps }: Facts<"chain">, given: Given): Lifted {
  let lifted = untouched(given.of);
  for (const step of steps) {
    const next = liftCore(step, { ...given, of: lifted.value });
    const before = accepted(lifted);
    lifted = {
      errors: mergedErrors([lifted.errors, errorsWhen(next.errors, (when) => all(before, when))]),
      value: next.value,
      same: all(lifted.same, next.same),
      strict: all(lifted.strict, next.strict),
    };
  }
  return lifted;
}

/** A model inside: an object of its class; a dict is validated in turn, and of that only the keys are looked at here. */
function liftNested(shape: Facts<"nested">, { of, depth }: Given): Lifted {
  const same = isType(of, shape.class);
  const dict = isType(of, "dict");
  return {
    errors: new Map([
      [shape.error, not(any(same, dict))],
      ...keyErrors(shape, of, `key${depth === 0 ? "" : depth}`).map(([type, when]) => [type, all(dict, when)] as const),
      ["value_error", all(dict, unknown("a model made of a dict"))],
    ]),
    value: either(same, of, unknown("a model made of a dict")),
    same,
    strict: same,
  };
}

function keyErrors(
  { keys, required = [], closed = false }: Facts<"nested">,
  of: Expr,
  name: string,
): readonly (readonly [string, Expr])[] {
  if (keys === undefined) return [];
  const given = apply("keys", of);
  const other = some(given, name, apply("notIn", variable(name), value(list(keys))));
  const missing = required.map((key) => apply("notIn", value(key), given));
  const told: readonly (readonly [string, Expr])[] = [
    ["extra_forbidden", closed ? other : value(false)],
    ["missing", any(...missing)],
  ];
  return told.filter(([, when]) => constantOf(when) !== false);
}

/** The walk ran the class's own method: the type is given what that makes of the value. */
function liftBefore({ module, qualname, of: type }: Facts<"function-before">, given: Given): Lifted {
  const { prepared, depth } = given;
  if (prepared?.methods.includes(`${module ?? ""}.${qualname}`) !== true || depth > 0)
    return foreign("a validator before the type's own");
  const lifted = liftCore(type ?? { type: "any" }, { ...given, of: prepared.value });
  const kept = isKept(prepared.value, given.of);
  return { ...lifted, same: all(kept, lifted.same), strict: all(kept, lifted.strict) };
}

/** When an expression comes to the value itself. */
function isKept(made: Expr, of: Expr): Expr {
  if (made.op === "ite") return either(made.test, isKept(made.yes, of), isKept(made.no, of));
  if (canonicalJson(printPredicate(made)) === canonicalJson(printPredicate(of))) return value(true);
  return made.op === "const" ? value(false) : unknown("whether a method keeps the value");
}

/** The type's own errors come first; what the function does is for the walk to find out. */
function liftAfter(shape: Facts<"function-after">, given: Given): Lifted {
  const inner = liftCore(shape.of ?? { type: "any" }, given);
  const open = unknown("a validator after the type's own");
  return { ...inner, value: open, same: open, strict: open };
}
