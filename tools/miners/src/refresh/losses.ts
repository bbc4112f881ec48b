import type { Bucket, Ledger, LedgerSite } from "../ledger/ledger.ts";
import type { Rate } from "../score/rate.ts";
import type { Score, StratumScore } from "../score/scorecard.ts";
import type { Scorecard } from "../score/score.ts";

/** How far mining came with one engine version. */
export interface Standing {
  readonly ledger: Ledger;
  /** By kind of machine; none where it was never scored. */
  readonly scorecards: Readonly<Record<string, Scorecard>>;
}

/** Something that was better before, in words. */
export type Loss = string;

/** Buckets by what they are worth: a rule speaks for the place, it is known that none can, nobody knows. */
const WORTH: Readonly<Record<Bucket, number>> = {
  validated: 2,
  subsumed: 2,
  "type-lifted": 2,
  "needs-fact": 1,
  internal: 1,
  dead: 1,
  "needs-model": 0,
  opaque: 0,
  quarantined: 0,
};

/** All that one standing lost against an earlier one, of the same version or of the one before it. */
export function lossesOf(before: Standing, after: Standing): readonly Loss[] {
  const scores = Object.entries(before.scorecards).flatMap(([profile, card]) =>
    lostScores(card, after.scorecards[profile]).map((loss) => `${profile}: ${loss}`),
  );
  return [...lostPlaces(before.ledger, after.ledger), ...scores];
}

/**
 * Places that left a bucket for one of less worth. Their names hold over versions, so those of another source compare; one
 * that is gone is a loss only where the source is the same.
 */
function lostPlaces(before: Ledger, after: Ledger): readonly Loss[] {
  const isSame = before.source.sha256 === after.source.sha256;
  const now = new Map(after.sites.map((site) => [site.id, site]));
  const moved = before.sites.flatMap((site) => {
    const found = now.get(site.id);
    if (found === undefined) return isSame ? [{ site, to: "nowhere" }] : [];
    return WORTH[found.bucket] < WORTH[site.bucket] ? [{ site, to: found.bucket }] : [];
  });
  const groups = Map.groupBy(moved, ({ site, to }) => `${site.bucket} -> ${to}`);
  return [...groups].map(([move, all]) => `${all.length} places ${move}: ${named(all.map(({ site }) => site))}`);
}

const named = (sites: readonly LedgerSite[]): string => {
  const shown = sites.slice(0, 3).map(({ path, line }) => `${path}:${line}`);
  return [...shown, ...(sites.length > shown.length ? ["..."] : [])].join(", ");
};

function lostScores(before: Scorecard, after: Scorecard | undefined): readonly Loss[] {
  if (after === undefined) return ["the scorecard is gone"];
  return Object.entries(before.groups).flatMap(([group, score]) => {
    const now = after.groups[group];
    return now === undefined ? [`${group} is scored no more`] : lostIn(group, score, now);
  });
}

function lostIn(group: string, before: Score, after: Score): readonly Loss[] {
  const strata = Object.entries(before.strata).flatMap(([stratum, score]) => {
    const now = after.strata[stratum as keyof Score["strata"]];
    if (now === undefined) return [`${group} ${stratum} is scored no more`];
    return FIGURES.flatMap(([what, rateOf, isGood]) =>
      drop(`${group} ${stratum}: ${what}`, rateOf, { score, now, isGood }),
    );
  });
  const places = fell(before.sites.error, after.sites.error)
    ? [told(`${group}: places`, before.sites.error, after.sites.error)]
    : [];
  return [...strata, ...places];
}

const FIGURES: readonly (readonly [what: string, rateOf: (score: StratumScore) => Rate, isGood: boolean])[] = [
  ["precision", ({ error }) => error.precision, true],
  ["recall", ({ error }) => error.recall, true],
  ["false rejects", ({ error }) => error.false_positive, false],
  ["precision of notices", ({ notice }) => notice.precision, true],
  ["recall of notices", ({ notice }) => notice.recall, true],
  ["values", ({ effective }) => effective, true],
];

function drop(
  name: string,
  rateOf: (score: StratumScore) => Rate,
  { score, now, isGood }: { readonly score: StratumScore; readonly now: StratumScore; readonly isGood: boolean },
): readonly Loss[] {
  const [before, after] = [rateOf(score), rateOf(now)];
  const isWorse = isGood ? fell(before, after) : rose(before, after);
  return isWorse ? [told(name, before, after)] : [];
}

/** Outside the interval of before: what is inside may be the luck of the draw. */
const fell = (before: Rate, after: Rate): boolean =>
  before.value !== null && after.value !== null && after.value < before.low;
const rose = (before: Rate, after: Rate): boolean =>
  before.value !== null && after.value !== null && after.value > before.high;

const percent = (value: number | null): string => (value === null ? "none" : `${(100 * value).toFixed(2)} %`);
const told = (name: string, before: Rate, after: Rate): Loss =>
  `${name} ${percent(before.value)} -> ${percent(after.value)}`;
