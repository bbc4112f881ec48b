import type { Values } from "@lem/config/invariants";
import { agreementsOf, type Agreement, type JudgedClaim } from "./judge.ts";
import type { Observation, Observer } from "./observe.ts";

/** A smallest input that still contradicts a claim, by leaving out one field after the other. */
export async function smallestCounterexample(
  claims: readonly JudgedClaim[],
  claim: JudgedClaim,
  start: { readonly agreement: Agreement; readonly observation: Observation },
  observer: Observer,
): Promise<Observation> {
  const group = claims.filter((each) => each.claim.group === claim.claim.group);
  const contradicts = (observation: Observation | undefined): observation is Observation => {
    if (observation === undefined) return false;
    return agreementsOf(group, observation)[group.indexOf(claim)] === start.agreement;
  };
  let current = start.observation;
  for (;;) {
    const smaller = await observer.observe(withoutOne(current.given));
    const next = smaller.find(contradicts);
    if (next === undefined) return current;
    current = next;
  }
}

const withoutOne = (given: Values): readonly Values[] =>
  [...given.keys()].map((left) => new Map([...given].filter(([name]) => name !== left)));
