import type { Expr as Predicate } from "@lem/config/invariants";
import type { GroundResolver } from "../candidates/ground.ts";
import type { Survey } from "../take-ledger.ts";
import { NO_ARGUMENTS } from "./attributes.ts";
import { dataOf } from "./data.ts";
import { effectiveValue } from "./expr/conditions.ts";
import { LOOKED_UP } from "./expr/terms.ts";
import { GroundBook } from "./ground-book.ts";
import { moduleFrame, State } from "./state.ts";
import { data } from "./value.ts";
import { openWalk } from "./walk-entry.ts";

/** What an Enum's own `_missing_` makes of {@link LOOKED_UP}; undefined for an Enum without one in the package. */
export async function walkLookup(
  survey: Survey,
  name: string,
  resolver: GroundResolver,
): Promise<Predicate | undefined> {
  const cls = survey.index.find(name);
  if (cls?.kind !== "class") return undefined;
  const [lookup] = survey.order.methods(cls, "_missing_");
  const module = survey.index.module(cls.module);
  if (lookup === undefined || module === undefined) return undefined;
  const book = new GroundBook();
  return await book.settle(() => {
    const walk = openWalk(survey, [{ name, calls: [] }, cls], book);
    walk.recorder.silence += 1;
    const state = new State(moduleFrame(module));
    const self = { kind: "class", cls } as const;
    const args = { ...NO_ARGUMENTS, positional: [data(LOOKED_UP)] };
    const found = walk.call({ kind: "bound", info: lookup, self }, args, { node: cls.node, state });
    return effectiveValue(dataOf(found, state));
  }, resolver);
}
