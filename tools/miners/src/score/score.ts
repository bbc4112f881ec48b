import type { RuleSet } from "@lem/config/corpus";
import type { Ledger } from "../ledger/ledger.ts";
import { clustersOf, type Cluster } from "./clusters.ts";
import { coverageOf, type Coverage } from "./coverage.ts";
import { judge, type Observations, type Observed } from "./judge-classes.ts";
import type { Judged } from "./judged.ts";
import { predictBy } from "./predict.ts";
import { rate } from "./rate.ts";
import { scoreOf, type Score } from "./scorecard.ts";
import { STRATA, WRITTEN_STRATA, type Stratum } from "./sample/strata.ts";

/** Rules mined on one version, held against another. */
export interface Temporal {
  readonly mined_on: string;
  readonly groups: Readonly<Record<string, Score>>;
}

/** How well the rules of an engine version foretell it; written beside them. */
export interface Scorecard {
  readonly schema_version: 1;
  readonly engine: string;
  readonly engine_version: string;
  readonly profile: string;
  readonly seed: number;
  /** SHA-256 of the reviewed rules that were scored. */
  readonly validated_sha256: string;
  readonly strata: Readonly<Partial<Record<Stratum, string>>>;
  /** Configurations of which nothing could be learnt. */
  readonly excluded: Observations["excluded"];
  /** Null where the rules came without a ledger. */
  readonly coverage: Coverage | null;
  /** Classes that stand alone, and families by their base class. */
  readonly groups: Readonly<Record<string, Score>>;
  /** The classes of families, one by one: all strata together. */
  readonly members: Readonly<Record<string, MemberScore>>;
  readonly temporal: readonly Temporal[];
}

/** The counts of one class of a family. */
export interface MemberScore {
  readonly n: number;
  readonly refused: number;
  readonly false_rejects: number;
  readonly missed_errors: number;
}

/** What is scored, and the rules to score. */
export interface ScoreRequest {
  readonly engine: string;
  readonly version: string;
  readonly profile: string;
  readonly seed: number;
  readonly observations: Observations;
  readonly rules: RuleSet;
  readonly ledger: Ledger | undefined;
  /** Rules of older versions, by version. */
  readonly older: Readonly<Record<string, RuleSet>>;
}

/** Holds rules against what the engine did. */
export function score(request: ScoreRequest): { readonly card: Scorecard; readonly clusters: readonly Cluster[] } {
  const { engine, version, profile, seed, observations, rules, older, ledger } = request;
  const judged = judge(observations.observed, predictBy(rules, profile));
  const hasWritten = observations.observed.some(({ sample }) => sample.stratum in WRITTEN_STRATA);
  const card: Scorecard = {
    schema_version: 1,
    engine,
    engine_version: version,
    profile,
    seed,
    validated_sha256: rules.corpus.validated_sha256,
    strata: { ...STRATA, ...(hasWritten ? WRITTEN_STRATA : {}) },
    excluded: observations.excluded,
    coverage: ledger === undefined ? null : coverageOf(ledger, observations.observed),
    groups: groupScores(observations.observed, judged),
    members: memberScores(observations.observed, judged),
    temporal: Object.entries(older).map(([minedOn, others]) => ({
      mined_on: minedOn,
      groups: withoutPlaces(groupScores(...known(observations.observed, others, profile))),
    })),
  };
  return { card, clusters: clustersOf(judged) };
}

/** The configurations of classes that a rule set has at all: a class that a later version brought is no mistake. */
function known(
  observed: readonly Observed[],
  rules: RuleSet,
  profile: string,
): [readonly Observed[], readonly Judged[]] {
  const names = new Set(rules.entries);
  const shared = observed.filter(({ sample }) => names.has(sample.entry));
  return [shared, judge(shared, predictBy(rules, profile))];
}

/** Lines of another version are other lines. */
const withoutPlaces = (groups: Readonly<Record<string, Score>>): Readonly<Record<string, Score>> =>
  Object.fromEntries(
    Object.entries(groups).map(([name, { strata, ...rest }]) => {
      const kept = Object.entries(strata).map(([stratum, each]) => [stratum, { ...each, attributed: rate(0, 0) }]);
      return [name, { ...rest, strata: Object.fromEntries(kept) as typeof strata }];
    }),
  );

function groupScores(observed: readonly Observed[], judged: readonly Judged[]): Readonly<Record<string, Score>> {
  const groups = Map.groupBy(judged, (_, at) => observed[at]?.scored.group ?? "");
  return Object.fromEntries([...groups].map(([group, members]) => [group, scoreOf(members)]));
}

function memberScores(observed: readonly Observed[], judged: readonly Judged[]): Readonly<Record<string, MemberScore>> {
  const inFamilies = judged.filter(({ sample }, at) => {
    const { group, fixture } = observed[at]?.scored ?? {};
    return group !== sample.entry && fixture === undefined;
  });
  const members = Map.groupBy(inFamilies, ({ sample }) => sample.entry);
  return Object.fromEntries(
    [...members].map(([entry, cases]) => {
      const count = (holds: (each: Judged) => boolean): number => cases.filter(holds).length;
      const missed = count(({ truth, prediction }) => truth.refused && prediction.verdict !== "error");
      const wrong = count(({ truth, prediction }) => !truth.refused && prediction.verdict === "error");
      const refused = count(({ truth }) => truth.refused);
      return [entry, { n: cases.length, refused, false_rejects: wrong, missed_errors: missed }];
    }),
  );
}
