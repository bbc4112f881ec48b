import type { Candidate } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Claim, SourceLine } from "./signs.ts";

/** Candidates with the lines at which they show. What is collected shows where it is raised or said. */
export function claimsOf(
  candidates: readonly Candidate[],
  sites: readonly LedgerSite[],
  errorStages: readonly number[],
): readonly Claim[] {
  const byId = new Map(sites.map((site) => [site.id, site]));
  return candidates.map((candidate) => {
    const shownAt = linesOf(candidate, byId);
    return { candidate, shownAt, group: groupOf(candidate, shownAt), errorStages };
  });
}

function linesOf({ place, shownAt }: Candidate, byId: ReadonlyMap<string, LedgerSite>): readonly SourceLine[] {
  if (place.kind === "lift") return [];
  if (shownAt === undefined) return [{ path: place.path, line: place.line }];
  return shownAt.flatMap((id) => byId.get(id) ?? []).map(({ path, line }) => ({ path, line }));
}

function groupOf({ place, stage, outcome }: Candidate, shownAt: readonly SourceLine[]): string {
  const lines = shownAt.map(({ path, line }) => `${path}:${line}`);
  const where = place.kind === "lift" ? [place.field, place.errorType] : lines;
  return JSON.stringify([outcome.kind, stage, outcome.kind === "normalise" ? outcome.field : where]);
}
