import type { Expr, Values } from "@lem/config/invariants";
import { readsOf } from "@lem/config/invariants";
import { pick, UNSET, type Choice, type ModelFinder, type ModelSpace } from "./models.ts";

/** Ways to draw inputs for the run over the whole class. */
export const STRATA = ["typed", "wild", "co-read"] as const;

/** One of {@link STRATA}. */
export type Stratum = (typeof STRATA)[number];

/** Inputs of one stratum: few fields with values near constants; any values; fields that one predicate reads together. */
export function randomInputs(
  stratum: Stratum,
  count: number,
  { space, finder, predicates }: { space: ModelSpace; finder: ModelFinder; predicates: readonly Expr[] },
): readonly Values[] {
  const names = [...space.pools.keys()].filter((name) => !name.startsWith("_"));
  const together = predicates.map((when) => readsOf(when).fields).filter((fields) => fields.length > 0);
  const drawn = (name: string): Choice => {
    const { sharp = [], wild = [] } = space.pools.get(name) ?? {};
    const share = stratum === "typed" ? 0 : stratum === "wild" ? 0.6 : 0.2;
    return pick(space.random() < share ? wild : sharp, space.random) ?? UNSET;
  };
  return Array.from({ length: count }, () => {
    const draft = new Map<string, Choice>();
    const size = 1 + Math.floor(space.random() * 4);
    if (stratum === "co-read")
      for (const name of pick(together, space.random) ?? []) draft.set(name, finder.choice(name));
    for (let place = draft.size; place < size; place += 1) {
      const name = pick(names, space.random);
      if (name !== undefined) draft.set(name, drawn(name));
    }
    return finder.given(draft);
  });
}
