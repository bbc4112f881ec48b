import { float, list, readsOf, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Probe } from "../probe/protocol.ts";
import { conditionOf } from "../prove/background.ts";
import { dictOf } from "../prove/sample-values.ts";
import { candidateFor, placeOf, refusalsOf } from "./trials.ts";

/** Values that no number can be made of, and some that one can. */
const VALUES: readonly PyValue[] = [
  "x",
  "auto",
  dictOf("x", 1),
  list(["x"]),
  list([1, 2]),
  float(Number.NaN),
  true,
  list([]),
  "",
];
/** Values of which a condition must hold before it is a candidate. */
const LEAST = 2;

/** What is looked at. */
export interface NotNumbers {
  readonly model: EntryModel;
  /** When native code is handed a number that is none. */
  readonly conditions: readonly Expr[];
  readonly sites: readonly LedgerSite[];
  readonly facts: Values;
}

/**
 * What native code makes of a number that is none: where all models refuse all such values of a key at one place, that
 * the key makes such a number is a candidate for that place.
 */
export async function notNumbers(
  { model, conditions, sites, facts }: NotNumbers,
  probes: readonly Probe[],
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const when of conditions) {
    const [name, ...others] = readsOf(when).fields;
    if (name === undefined || others.length > 0) continue;
    const answer = conditionOf(when, { defaults: new Map(), facts });
    const values = VALUES.filter((value) => answer(new Map([[name, value]])) === "true");
    if (values.length < LEAST) continue;
    const refused = await refusalsOf(model.entry, [name, values], probes);
    const places = new Set(refused.map(({ exception }) => placeOf(exception)));
    if (refused.length === values.length && places.size === 1)
      found.push(...candidateFor(model.entry, refused, { sites, when }));
  }
  return found;
}
