import type { Ledger, LedgerSite } from "../ledger/ledger.ts";
import type { Observed } from "./judge-classes.ts";
import { rate, type Rate } from "./rate.ts";

/** How much of the engine the configurations came by: what they never met, no score speaks of. */
export interface Coverage {
  /** Of the places that refuse or say something and that a user's value can reach, those that were met. */
  readonly met: Rate;
  /** The others, as `path:line`. */
  readonly unmet: readonly string[];
  /** Places, not counted, of classes that here refused every configuration at one other place: they lack a package. */
  readonly shut: readonly string[];
}

const KINDS: readonly LedgerSite["kind"][] = ["raise", "assert", "warning", "log"];

/** Holds the places of a ledger against those that configurations met. */
export function coverageOf({ sites }: Pick<Ledger, "sites">, observed: readonly Observed[]): Coverage {
  const met = new Set(observed.flatMap(({ truth }) => [...truth.sites, ...truth.through]));
  const closed = closedClasses(observed);
  const reachable = sites.filter(
    ({ kind, bucket }) => KINDS.includes(kind) && bucket !== "dead" && bucket !== "internal",
  );
  const places = new Map(reachable.map((site) => [`${site.path}:${site.line}`, site]));
  const missing = [...places].filter(([place]) => !met.has(place));
  const isShut = ({ entries }: LedgerSite): boolean => entries.length > 0 && entries.every((name) => closed.has(name));
  const [shut, unmet] = [true, false].map((wanted) =>
    missing.flatMap(([place, site]) => (isShut(site) === wanted ? [place] : [])),
  ) as [string[], string[]];
  const of = places.size - shut.length;
  return { met: rate(of - unmet.length, of), unmet, shut };
}

/** Classes that refused everything, and all that a keyword missing or too many does not explain at one place. */
function closedClasses(observed: readonly Observed[]): ReadonlySet<string> {
  const places = new Map<string, Set<string>>();
  for (const { sample, truth } of observed) {
    const known = places.get(sample.entry) ?? new Set();
    const place = truth.sites.join(" ");
    if (!truth.refused || !place.startsWith("outside:")) known.add(truth.refused ? place : "");
    places.set(sample.entry, known);
  }
  return new Set([...places].flatMap(([entry, own]) => (own.size === 1 && !own.has("") ? [entry] : [])));
}
