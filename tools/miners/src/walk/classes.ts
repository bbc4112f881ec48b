import type { Expr as Predicate } from "@lem/config/invariants";
import { keyOf } from "../modules/class-order.ts";
import type { ClassInfo } from "../modules/definitions.ts";
import { dataOf } from "./data.ts";
import { or } from "./expr/conditions.ts";
import { FALSE, TRUE } from "./expr/intern.ts";
import { choose, typed, unknown } from "./expr/terms.ts";
import type { State } from "./state.ts";
import { classNameOf, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

const BUILT_IN = /^builtins\.(int|float|bool|str|list|tuple|dict|set|frozenset|bytes|object)$/;
const NONE_TYPE = /^(types\.NoneType|builtins\.None)$/;
/** Abstract classes that certain built-in types belong to. */
const ABSTRACT: Readonly<Record<string, readonly string[]>> = {
  "collections.abc.Mapping": ["dict"],
  "collections.abc.MutableMapping": ["dict"],
  "collections.abc.Sequence": ["list", "tuple", "str", "bytes"],
  "collections.abc.Iterable": ["list", "tuple", "str", "bytes", "dict", "set", "frozenset"],
  "collections.abc.Collection": ["list", "tuple", "str", "bytes", "dict", "set", "frozenset"],
  "collections.abc.Set": ["set", "frozenset"],
  "collections.abc.Callable": [],
  "numbers.Number": ["int", "float"],
  "numbers.Integral": ["int"],
  "numbers.Real": ["int", "float"],
};

/** `isinstance(value, cls)`. */
export function instanceTest(walk: Walk, value: Value, cls: Value, { state }: At): Predicate {
  const classes = classesIn(cls, state);
  if (classes === undefined) return unknown("isinstance with a class that is not known");
  return ofClasses(walk, value, classes, state);
}

function ofClasses(walk: Walk, value: Value, classes: readonly Value[], state: State): Predicate {
  switch (value.kind) {
    case "choice":
      return choose(value.test, ofClasses(walk, value.yes, classes, state), ofClasses(walk, value.no, classes, state));
    case "object":
      return ofClass(walk, state.record("object", value.id)?.cls, classes);
    case "member":
      return ofMember(walk, value, classes);
    case "data":
    case "size":
    case "foreign":
      return dataTest(dataOf(value, state), classes);
    default:
      return ofKind(value, classes, state);
  }
}

/** Values whose type is certain, though they are no data. */
function ofKind(value: Value, classes: readonly Value[], state: State): Predicate {
  switch (value.kind) {
    case "container":
      return isNamed(classes, state.record("container", value.id)?.type);
    case "keywords":
      return isNamed(classes, "dict");
    case "text":
      return isNamed(classes, "str");
    case "opaque":
      return isNamed(classes, value.type);
    default:
      return unknown(`isinstance of a ${value.kind}`);
  }
}

function isNamed(classes: readonly Value[], type: string | undefined): Predicate {
  return classes.some((each) => nameOf(each) === type || nameOf(each) === "object") ? TRUE : FALSE;
}

function dataTest(expr: Predicate, classes: readonly Value[]): Predicate {
  const names = classes.flatMap((each) => {
    if (each.kind === "foreign" && Object.hasOwn(ABSTRACT, each.name)) return [...(ABSTRACT[each.name] ?? [])];
    return [nameOf(each) ?? "?"];
  });
  const own = names.filter((name) => /^[A-Za-z_][\w.]*$/.test(name));
  return own.length === 0 ? FALSE : typed(expr, own);
}

/** The name under which type tests of the predicate language know a class. */
function nameOf(cls: Value): string | undefined {
  if (cls.kind === "class") return classNameOf(cls.cls);
  if (cls.kind === "type") return undefined;
  if (cls.kind !== "foreign") return undefined;
  if (NONE_TYPE.test(cls.name)) return "none";
  return BUILT_IN.exec(cls.name)?.[1] ?? cls.name;
}

const ofClass = (walk: Walk, own: ClassInfo | undefined, classes: readonly Value[]): Predicate => {
  if (own === undefined) return unknown("isinstance of an object");
  const names = new Set(walk.survey.order.of(own).map(keyOf));
  const isOne = classes.some((each) =>
    each.kind === "class" ? names.has(keyOf(each.cls)) : nameOf(each) === "object",
  );
  return isOne ? TRUE : FALSE;
};

function ofMember(walk: Walk, member: Extract<Value, { kind: "member" }>, classes: readonly Value[]): Predicate {
  return or(ofClass(walk, member.cls, classes), member.mixed ? dataTest(member.value, classes) : FALSE);
}

/** The classes that `isinstance` is given: one, a tuple, or `A | B`. */
function classesIn(cls: Value, state: State): readonly Value[] | undefined {
  if (cls.kind === "type" && cls.of.kind === "data" && dataOf(cls.of, state).op === "const") return [NONE];
  if (cls.kind === "class" || cls.kind === "foreign") return [cls];
  if (cls.kind !== "container") return undefined;
  const entries = state.record("container", cls.id)?.entries.map(({ value }) => classesIn(value, state));
  return entries?.every((each) => each !== undefined) === true ? entries.flat() : undefined;
}

const NONE: Value = { kind: "foreign", name: "types.NoneType", question: null };

/** `type(x) is C` and `type(x) == C`. */
export function exactTest(of: Value, cls: Value, state: State): Predicate {
  const name = nameOf(cls);
  if (name === undefined) return unknown("a comparison of types");
  if (of.kind === "object")
    return cls.kind === "class" && state.record("object", of.id)?.cls === cls.cls ? TRUE : FALSE;
  return typed(dataOf(of, state), [name], true);
}
