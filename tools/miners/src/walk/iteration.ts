import type { Expr as Predicate } from "@lem/config/invariants";
import { dataOf } from "./data.ts";
import { membersOf, isEnum } from "./enums.ts";
import { constant, intern, isConstant, TRUE } from "./expr/intern.ts";
import { itemsOf, unknown } from "./expr/terms.ts";
import { raiseOf } from "./raising.ts";
import type { Path } from "./state.ts";
import { data, type Value } from "./value.ts";
import type { At, Walk } from "./walk.ts";

/** What a loop goes over: elements known one by one, the user's own, the keywords that are left, or something unknown. */
export type Iterated =
  | { readonly kind: "items"; readonly items: readonly { readonly value: Value; readonly path: Path }[] }
  | { readonly kind: "user"; readonly in: Predicate }
  | { readonly kind: "keywords"; readonly presence: ReadonlyMap<string, Predicate> }
  | { readonly kind: "unknown"; readonly what: string };

/** More elements than this are not walked one by one. */
const MAX_ITEMS = 64;

/** The elements of a value, with the place of its TypeError where it may have none. */
export function iterated(walk: Walk, value: Value, at: At): Iterated {
  const { state } = at;
  switch (value.kind) {
    case "container":
      return containerItems(value.id, at);
    case "keywords":
      return { kind: "keywords", presence: state.record("keywords", value.id)?.presence ?? new Map() };
    case "given":
      return { kind: "keywords", presence: value.presence };
    case "class":
      if (isEnum(walk, value.cls)) return certain(membersOf(walk, value.cls));
      return { kind: "unknown", what: "a class" };
    case "data":
    case "choice":
      return overData(walk, dataOf(value, state), at);
    default:
      return { kind: "unknown", what: `iteration over a ${value.kind}` };
  }
}

const certain = (values: readonly Value[]): Iterated => ({
  kind: "items",
  items: values.map((value) => ({ value, path: [] })),
});

function containerItems(id: number, { state }: At): Iterated {
  const record = state.record("container", id);
  if (record === undefined || record.loose || record.entries.length > MAX_ITEMS)
    return { kind: "unknown", what: "a container of unknown entries" };
  return { kind: "items", items: record.entries.map(({ key, value, path }) => ({ value: key ?? value, path })) };
}

function overData(walk: Walk, expr: Predicate, at: At): Iterated {
  const items = itemsOf(expr);
  if (items !== undefined && items.length <= MAX_ITEMS) return certain(items.map(data));
  if (isConstant(expr) && typeof expr.value === "string" && expr.value.length <= MAX_ITEMS)
    return certain(Array.from(expr.value, (character) => data(constant(character))));
  if (expr.op === "unknown") return { kind: "unknown", what: expr.what };
  raiseOf(walk, at, everyOf(expr, TRUE, "x"));
  return { kind: "user", in: expr };
}

/** `all(that for as in over)`. */
export const everyOf = (over: Predicate, that: Predicate, as: string): Predicate =>
  intern({ op: "every", in: over, as, that });
/** `any(that for as in over)`. */
export const someOf = (over: Predicate, that: Predicate, as: string): Predicate =>
  intern({ op: "some", in: over, as, that });
/** How many elements satisfy a condition. */
export const countOf = (over: Predicate, that: Predicate, as: string): Predicate =>
  intern({ op: "count", in: over, as, that });
/** The reason why a loop's result is not known. */
export const loopUnknown = (what: string): Value => data(unknown(`a loop over ${what}`.slice(0, 120)));
