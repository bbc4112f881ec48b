import { accuracy, confusion, type Accuracy } from "./confusion.ts";
import { attributes, isChanged, isEffectiveRight, notices, refuses, type Judged } from "./judged.ts";
import { rate, type Rate } from "./rate.ts";
import type { Stratum } from "./sample/strata.ts";

/** How well rules foretell what the engine does, in one stratum. */
export interface StratumScore {
  readonly n: number;
  /** Refused configurations among all. */
  readonly error: Accuracy;
  /** Refusals that a rule of their own place foretells; of no use where the rules are of another source. */
  readonly attributed: Rate;
  /** Warned of or changed configurations among those that are not refused. */
  readonly notice: Accuracy;
  /** Changed configurations of which every new value is foretold, among all changed ones. */
  readonly effective: Rate;
  /** Configurations that rules abstained on and did not refuse. */
  readonly abstained: number;
  readonly baselines: {
    /** Refuses nothing. */
    readonly nothing: Accuracy;
    /** Refuses what a type checker of annotations would. */
    readonly types: Accuracy;
  };
}

/** The places of the engine that were hit, each once: frequent ones do not hide rare ones. */
export interface SiteScore {
  /** Places that refused a configuration at least once; of them those that were foretold at least once. */
  readonly error: Rate;
  readonly notice: Rate;
  /** Places foretold less than half of the time, with both counts. */
  readonly weak: Readonly<Record<string, readonly [foretold: number, happened: number]>>;
}

/** The score of one class, or of several together. */
export interface Score {
  readonly entries: readonly string[];
  readonly strata: Readonly<Partial<Record<Stratum, StratumScore>>>;
  readonly sites: SiteScore;
}

/** The score of judged configurations. */
export function scoreOf(judged: readonly Judged[]): Score {
  const strata = Map.groupBy(judged, ({ sample }) => sample.stratum);
  return {
    entries: [...new Set(judged.map(({ sample }) => sample.entry))].toSorted(),
    strata: Object.fromEntries([...strata].map(([stratum, cases]) => [stratum, stratumScore(cases)])),
    sites: siteScore(judged),
  };
}

function stratumScore(cases: readonly Judged[]): StratumScore {
  const refused = ({ truth }: Judged): boolean => truth.refused;
  const accepted = cases.filter((each) => !refused(each));
  const changed = accepted.filter(isChanged);
  const errors = (foretold: (each: Judged) => boolean): Accuracy =>
    accuracy(confusion(cases, { foretold, happened: refused }));
  return {
    n: cases.length,
    error: errors(refuses),
    attributed: rate(cases.filter((each) => refused(each) && attributes(each)).length, cases.length - accepted.length),
    notice: accuracy(confusion(accepted, { foretold: notices, happened: ({ truth }) => truth.noticed })),
    effective: rate(changed.filter(isEffectiveRight).length, changed.length),
    abstained: cases.filter((each) => each.prediction.abstained > 0 && !refuses(each)).length,
    baselines: { nothing: errors(() => false), types: errors(({ conforms }) => !conforms) },
  };
}

function siteScore(judged: readonly Judged[]): SiteScore {
  const errors = hits(
    judged.filter(({ truth }) => truth.refused),
    refuses,
  );
  const said = hits(
    judged.filter(({ truth }) => !truth.refused && truth.noticed),
    notices,
  );
  const weak = [...errors, ...said].filter(([, [foretold, happened]]) => foretold * 2 < happened);
  return { error: shareHit(errors), notice: shareHit(said), weak: Object.fromEntries(weak) };
}

type Hits = ReadonlyMap<string, readonly [number, number]>;

function hits(cases: readonly Judged[], foretold: (each: Judged) => boolean): Hits {
  const counts = new Map<string, readonly [number, number]>();
  for (const each of cases)
    for (const site of each.truth.sites) {
      const [right, all] = counts.get(site) ?? [0, 0];
      counts.set(site, [right + (foretold(each) ? 1 : 0), all + 1]);
    }
  return counts;
}

const shareHit = (counts: Hits): Rate => rate([...counts.values()].filter(([right]) => right > 0).length, counts.size);
