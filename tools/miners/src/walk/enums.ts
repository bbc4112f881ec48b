import type { Expr as Predicate } from "@lem/config/invariants";
import { ENUM_HOME } from "../modules/class-order.ts";
import type { ClassInfo } from "../modules/definitions.ts";
import type { Expr } from "../syntax/expressions.ts";
import { dataOf } from "./data.ts";
import { and, not, or } from "./expr/conditions.ts";
import { moduleFrame, State } from "./state.ts";
import { classNameOf, data, untold, type MemberValue, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";
import { raise } from "./raising.ts";
import { constant } from "./expr/intern.ts";
import { apply, attribute, choose, display, typed } from "./expr/terms.ts";

/** True for an Enum of the package. */
export const isEnum = (walk: Walk, cls: ClassInfo): boolean => walk.survey.order.hasForeignAncestor(cls, ENUM_HOME);

const MIXINS = /^(builtins\.(str|int|float)|enum\.(StrEnum|IntEnum|IntFlag)|strenum\.StrEnum)$/;

/** The members of an Enum in order, aliases left out. */
export function membersOf(walk: Walk, cls: ClassInfo): readonly MemberValue[] {
  const mixed = walk.survey.order.hasForeignAncestor(cls, MIXINS);
  const home = walk.survey.index.module(cls.module);
  if (home === undefined) return [];
  const frame = moduleFrame(home, cls);
  return cls.fields.flatMap(({ name, value }): MemberValue[] => {
    if (value === null || name.startsWith("_")) return [];
    return [{ kind: "member", cls, name, value: memberData(walk, value, new State(frame)), mixed }];
  });
}

function memberData(walk: Walk, value: Expr, state: State): Predicate {
  walk.recorder.silence += 1;
  const found = dataOf(walk.evaluate(value, state), state);
  walk.recorder.silence -= 1;
  return found;
}

/** The member of a name. */
export function memberOf(walk: Walk, cls: ClassInfo, name: string): MemberValue | undefined {
  if (!isEnum(walk, cls)) return undefined;
  return membersOf(walk, cls).find((member) => member.name === name);
}

/** `Enum(value)`: the member that has the value, ValueError without. */
export function memberByValue(walk: Walk, cls: ClassInfo, value: Value, at: At): Value {
  const members = membersOf(walk, cls);
  const expr = dataOf(value, at.state);
  const isMember = typed(expr, [classNameOf(cls)]);
  const found = or(
    apply(
      "in",
      expr,
      display(
        "list",
        members.map((member) => member.value),
      ),
    ),
    isMember,
  );
  raise(walk, at, { exception: "ValueError", when: not(found), kind: "implicit" });
  const [first] = members;
  if (first === undefined) return untold("an empty enumeration");
  if (first.mixed) return data(expr);
  return chosen(expr, members, (member) => member.value);
}

/** `Enum[name]`: the member of the name, KeyError without. */
export function memberByName(walk: Walk, cls: ClassInfo, name: Value, at: At): Value {
  const members = membersOf(walk, cls);
  const expr = dataOf(name, at.state);
  const names = display(
    "list",
    members.map((member) => constant(member.name)),
  );
  raise(walk, at, { exception: "KeyError", when: apply("notIn", expr, names), kind: "implicit" });
  return chosen(expr, members, (member) => constant(member.name));
}

function chosen(expr: Predicate, members: readonly MemberValue[], key: (member: MemberValue) => Predicate): Value {
  const [first, ...rest] = members;
  if (first === undefined) return untold("an empty enumeration");
  return rest.reduce<Value>((no, yes) => ({ kind: "choice", test: apply("eq", expr, key(yes)), yes, no }), first);
}

/** Whether data is a certain member of an Enum whose members equal nothing else. */
export function isMemberData(expr: Predicate, member: MemberValue): Predicate {
  const className = classNameOf(member.cls);
  if (expr.op === "ite") return choose(expr.test, isMemberData(expr.yes, member), isMemberData(expr.no, member));
  return and(typed(expr, [className]), apply("eq", attribute(expr, "name"), constant(member.name)));
}

/** Attributes of a member. */
export function memberAttribute(member: MemberValue, name: string): Value | undefined {
  if (name === "value" || name === "_value_") return data(member.value);
  if (name === "name" || name === "_name_") return data(constant(member.name));
  return undefined;
}
