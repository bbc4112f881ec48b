import { childrenOf, type Expr } from "@lem/config/invariants";
import type { CoreShape } from "../probe/description.ts";
import { intern, withChildren } from "../walk/expr/intern.ts";
import { LOOKED_UP } from "../walk/expr/terms.ts";
import { all, either, isType, matches, unknown, value } from "./build.ts";
import type { Given, Lifted } from "./lifted.ts";
import { liftEnum } from "./scalars.ts";

type EnumFacts = CoreShape & { readonly type: "enum" };

/** An Enum: a member, the value of one, or what its own look-up finds for others. */
export function liftMembers(facts: EnumFacts, given: Given): Lifted {
  const lifted = liftEnum(facts, given);
  const refusing = lifted.errors.get("enum");
  if (refusing === undefined) return lifted;
  const found = foundBy(facts, given);
  const none: Expr = either(isNumberText(facts, given), unknown("a number read from a text"), isNone(found));
  return {
    ...lifted,
    errors: new Map([...lifted.errors, ["enum", all(refusing, none)]]),
    value: facts.custom ? either(refusing, found, lifted.value) : lifted.value,
  };
}

const isNone = (found: Expr): Expr =>
  found.op === "const" ? value(found.value === null) : { op: "is", of: found, value: null };

/** Members that are whole numbers are found by a text of digits, too. */
const isNumberText = ({ mro }: EnumFacts, { of }: Given): Expr =>
  mro.includes("int") ? all(isType(of, "str"), matches(of, "(.|\\n)*[0-9](.|\\n)*")) : value(false);

/** The member that the class's own look-up gives; None where there is none. Flags of whole numbers take any whole number. */
function foundBy(facts: EnumFacts, { of, lookups }: Given): Expr {
  if (!facts.custom) return value(null);
  const own = lookups?.get(facts.class);
  if (own !== undefined) return withValue(own, of);
  const open = unknown("a lookup of the class's own");
  return facts.mro.includes("enum.IntFlag") ? either(isType(of, "int"), open, value(null)) : open;
}

function withValue(expr: Expr, of: Expr): Expr {
  if (intern(expr) === LOOKED_UP) return of;
  return childrenOf(expr).length === 0 ? expr : withChildren(expr, (child) => withValue(child, of));
}

/** Enums in a type whose look-up is written by the class. */
export function customEnums(shape: CoreShape): readonly string[] {
  if (shape.type === "enum") return shape.custom ? [shape.class] : [];
  return innerShapes(shape).flatMap(customEnums);
}

function innerShapes(shape: CoreShape): readonly CoreShape[] {
  const named = shape as { readonly [name in "of" | "items" | "keys" | "values"]?: unknown };
  return [named.of, named.items, named.keys, named.values]
    .flat()
    .filter((each): each is CoreShape => typeof each === "object" && each !== null && "type" in each);
}
