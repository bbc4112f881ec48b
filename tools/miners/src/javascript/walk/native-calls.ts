import type { Expr } from "@lem/config/invariants";
import { and, not, or } from "../../walk/expr/conditions.ts";
import { FALSE, TRUE } from "../../walk/expr/intern.ts";
import { unknown, variable } from "../../walk/expr/terms.ts";
import type { Demand, Guard } from "../native/contracts.ts";
import type { Located } from "../syntax.ts";
import { same } from "./equality.ts";
import { becomesNan } from "./numbers.ts";
import { data, isA, isDict, isList, text, truthy, UNDEFINED } from "./semantics.ts";
import { whether, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** What native code refuses of what it is handed: each demand is a place of its own, and shows at the call. */
export function callNative(walk: Walk, name: string, args: readonly Value[], [node, at]: readonly [Located, At]): void {
  const demands = walk.contracts.get(name);
  if (demands === undefined) return;
  const { state, frame } = at;
  const depth = walk.stack.length;
  const shownAt = walk.recorder.refuse(
    {
      node,
      path: frame.module.path,
      qualname: frame.qualname,
      kind: "implicit",
      operator: "foreign",
      exception: null,
      when: unknown("native code"),
      depth,
    },
    state.condition,
  );
  for (const demand of demands) {
    noteNumber(walk, demand, args, [node, at]);
    const when = refused(walk, demand, args, [node, at]);
    if (when === FALSE) continue;
    const { path, qualname, line } = demand;
    const place: Located = { type: "Native", loc: { start: { line, column: 0 } } };
    walk.recorder.refuse(
      {
        node: place,
        path,
        qualname: `${qualname}.${demand.property ?? demand.argument}`,
        kind: "implicit",
        operator: "conversion",
        exception: "TypeError",
        when,
        depth: depth + 1,
        shownAt,
      },
      state.condition,
    );
  }
}

/** NaN is a number, and is taken for one; what native code then makes of it only trying tells. */
function noteNumber(walk: Walk, demand: Demand, args: readonly Value[], at: readonly [Located, At]): void {
  if (demand.type !== "number" || demand.ofItems) return;
  const given = part(walk, args[demand.argument], demand.property, at);
  const when = whether(given, (one) => (one.kind === "data" && one.js === "number" ? becomesNan(one) : FALSE));
  for (const each of alternatives(when)) walk.recorder.notNumbers.add(each);
}

function alternatives(when: Expr): readonly Expr[] {
  if (when === FALSE || when === TRUE) return [];
  if (when.op === "any") return when.args.flatMap(alternatives);
  if (when.op !== "ite") return [when];
  return [and(when.test, when.yes), and(not(when.test), when.no)].flatMap(alternatives);
}

function refused(walk: Walk, demand: Demand, args: readonly Value[], at: readonly [Located, At]): Expr {
  const given = (argument: number, property: string | null): Value => part(walk, args[argument], property, at);
  const guards = demand.guards.map((guard) => holds(guard, given));
  if (guards.includes(FALSE)) return FALSE;
  if (demand.ofItems)
    return and(
      ...guards,
      whether(given(demand.argument, demand.property), (one) => wrongItem(one, demand)),
    );
  const wrong = whether(given(demand.argument, demand.property), (one) =>
    one.kind === "data" ? not(isA(one, demand.type)) : one.kind === "object" || one.kind === "function" ? TRUE : FALSE,
  );
  return and(...guards, wrong);
}

/** A list with an item of another type. */
function wrongItem(of: Exclude<Value, { kind: "choice" }>, { type }: Demand): Expr {
  if (of.kind !== "data") return FALSE;
  const item = data(variable("item"));
  return and(isList(of), { op: "some", in: of.expr, as: "item", that: not(isA(item, type)) });
}

function part(walk: Walk, of: Value | undefined, property: string | null, [node, at]: readonly [Located, At]): Value {
  if (of === undefined) return UNDEFINED;
  return property === null ? of : walk.member(of, property, node, at);
}

function holds(guard: Guard, given: (argument: number, property: string) => Value): Expr {
  if (guard.kind === "unknown") return unknown("a condition of native code");
  if (guard.argument < 0) return TRUE;
  const value = given(guard.argument, guard.property);
  const found = positive(guard, value);
  return guard.holds ? found : not(found);
}

const looksLike = (type: string, value: Value): Expr =>
  whether(value, (one) => {
    if (one.kind !== "data") return unknown("the type of an object");
    if (type === "Array") return isList(one);
    if (type === "Number" || type === "Boolean" || type === "String") return isA(one, PRIMITIVES[type]);
    return type === "Object" ? or(isList(one), isDict(one)) : FALSE;
  });

const PRIMITIVES = { Number: "number", Boolean: "boolean", String: "string" } as const;

function positive(guard: Exclude<Guard, { kind: "unknown" }>, value: Value): Expr {
  if (guard.kind === "has") return not(whether(value, (one) => (one.kind === "data" ? one.missing : FALSE)));
  if (guard.kind === "true")
    return whether(value, (one) =>
      one.kind === "data" ? and(isA(one, "boolean"), truthy(one)) : unknown("an object"),
    );
  if (guard.kind === "equals")
    return whether(value, (one) => (one.kind === "data" ? same(one, text(guard.text)) : FALSE));
  return guard.kind === "is" ? looksLike(guard.type, value) : unknown("a condition of native code");
}
