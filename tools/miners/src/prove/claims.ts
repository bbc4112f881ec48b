import type { Candidate } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { SiteKind } from "../sites/site.ts";
import type { Claim, SourceLine } from "./signs.ts";

/** Kinds of sites that read what was collected before them. */
const CONSUMERS: Readonly<Record<Candidate["outcome"]["kind"], readonly SiteKind[]>> = {
  error: ["raise", "assert"],
  warn: ["log", "warning"],
  normalise: [],
};

/** Candidates with the lines at which they show. What is collected shows where the same function raises or says it. */
export function claimsOf(
  candidates: readonly Candidate[],
  sites: readonly LedgerSite[],
  errorStages: readonly number[],
): readonly Claim[] {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const direct = new Set(candidates.flatMap(({ place }) => (place.kind === "site" ? [place.site] : [])));
  return candidates.map((candidate) => {
    const shownAt = linesOf(candidate, { byId, sites, direct });
    return { candidate, shownAt, group: groupOf(candidate, shownAt), errorStages };
  });
}

interface Knowledge {
  readonly byId: ReadonlyMap<string, LedgerSite>;
  readonly sites: readonly LedgerSite[];
  /** Sites that have a candidate of their own. */
  readonly direct: ReadonlySet<string>;
}

function linesOf({ place, outcome }: Candidate, { byId, sites, direct }: Knowledge): readonly SourceLine[] {
  if (place.kind === "lift") return [];
  if (byId.get(place.site)?.kind !== "collect") return [{ path: place.path, line: place.line }];
  return sites.filter(
    ({ id, kind, path, qualname, line }) =>
      CONSUMERS[outcome.kind].includes(kind) &&
      path === place.path &&
      qualname === place.qualname &&
      line > place.line &&
      !direct.has(id),
  );
}

function groupOf({ place, stage, outcome }: Candidate, shownAt: readonly SourceLine[]): string {
  const lines = shownAt.map(({ path, line }) => `${path}:${line}`);
  const where = place.kind === "lift" ? [place.field, place.errorType] : lines;
  return JSON.stringify([outcome.kind, stage, outcome.kind === "normalise" ? outcome.field : where]);
}
