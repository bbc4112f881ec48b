import type { SiteFinding } from "../candidates/candidate.ts";
import type { Bucket, Ledger, LedgerSite } from "../ledger/ledger.ts";
import type { QuarantineReason } from "./decide.ts";
import type { Claim } from "./signs.ts";

/** What became of a site in one class. */
export interface SiteResult {
  readonly site: string;
  readonly bucket: Bucket;
  readonly reason: string;
}

/** Of several classes that reach a site the first of these counts. */
const BEST_FIRST: readonly Bucket[] = [
  "validated",
  "subsumed",
  "type-lifted",
  "quarantined",
  "needs-model",
  "needs-fact",
  "opaque",
  "internal",
  "dead",
];

const OF_STATUS: Readonly<Record<Exclude<SiteFinding["status"], "candidate">, Bucket>> = {
  unknown: "opaque",
  unreachable: "dead",
  internal: "internal",
  "needs-fact": "needs-fact",
  "needs-model": "needs-model",
};

/** Where the walk ended; of a site with a candidate the proof tells. */
export const ofFinding = ({ site, status, reason }: SiteFinding): readonly SiteResult[] =>
  status === "candidate" ? [] : [{ site, bucket: OF_STATUS[status], reason }];

const OF_REASON: Readonly<Partial<Record<QuarantineReason, Bucket>>> = {
  shadowed: "subsumed",
  unreachable: "dead",
  unknown: "opaque",
};

/** Where a claim that is no rule puts its site. */
export function ofRefuted({ candidate: { place } }: Claim, reason: QuarantineReason): readonly SiteResult[] {
  return place.kind === "site" ? [{ site: place.site, bucket: OF_REASON[reason] ?? "quarantined", reason }] : [];
}

/** The ledger with every site in its bucket. */
export function withBuckets(ledger: Ledger, results: readonly SiteResult[]): Ledger {
  const bySite = Map.groupBy(results, ({ site }) => site);
  const placed = (site: LedgerSite): LedgerSite => {
    const own = (bySite.get(site.id) ?? []).toSorted(
      (a, b) => BEST_FIRST.indexOf(a.bucket) - BEST_FIRST.indexOf(b.bucket),
    );
    const [best] = own;
    return best === undefined ? site : { ...site, bucket: best.bucket, reason: best.reason };
  };
  return { ...ledger, sites: ledger.sites.map(placed) };
}
