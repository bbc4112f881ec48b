import type { Ledger, LedgerSite } from "../ledger/ledger.ts";
import type { Observed } from "./judge-classes.ts";
import { rate, type Rate } from "./rate.ts";

/** How much of the engine the configurations came by: what they never met, no score speaks of. */
export interface Coverage {
  /** Of the places that refuse or say something and that a user's value can reach, those that were met. */
  readonly met: Rate;
  /** The others, as `path:line`. */
  readonly unmet: readonly string[];
}

const KINDS: readonly LedgerSite["kind"][] = ["raise", "assert", "warning", "log"];

/** Holds the places of a ledger against those that configurations met. */
export function coverageOf({ sites }: Pick<Ledger, "sites">, observed: readonly Observed[]): Coverage {
  const met = new Set(observed.flatMap(({ truth }) => truth.sites));
  const reachable = sites.filter(
    ({ kind, bucket }) => KINDS.includes(kind) && bucket !== "dead" && bucket !== "internal",
  );
  const places = [...new Set(reachable.map(({ path, line }) => `${path}:${line}`))];
  const unmet = places.filter((place) => !met.has(place));
  return { met: rate(places.length - unmet.length, places.length), unmet };
}
