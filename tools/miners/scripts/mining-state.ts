import type { RuleEvidence } from "@lem/config/corpus";
import { BUCKETS, type Bucket } from "../src/ledger/ledger.ts";
import { ATOM_EFFECTS } from "../src/prove/independence.ts";
import type { Rate } from "../src/score/rate.ts";
import type { Score } from "../src/score/scorecard.ts";
import type { EngineCorpora, VersionCorpus } from "./corpora.ts";
import { table } from "./generated-file.ts";

/** Buckets of places that no rule can speak for, which must stay few. */
const OPEN: readonly Bucket[] = ["opaque", "needs-model", "quarantined"];

/** How far mining came, per engine version: places, rules, quarantine and scores. */
export function stateSection(engines: readonly EngineCorpora[]): string {
  const all = engines.flatMap(({ engine, versions }) => versions.map((version) => ({ engine, ...version })));
  if (all.length === 0) return "## State\n\nNo version is mined yet.";
  const parts = [
    "## State",
    bucketTable(all),
    quarantineTable(all),
    evidenceTable(all),
    SCORES,
    metTable(all),
    scoreTable(all),
  ];
  return parts.join("\n\n");
}

type Mined = VersionCorpus & { readonly engine: string };

const name = ({ engine, version }: Mined): string => `${engine} ${version}`;

function bucketTable(all: readonly Mined[]): string {
  const buckets = Object.keys(BUCKETS) as Bucket[];
  const rows = all.map((each) => {
    const counts = buckets.map((bucket) => each.ledger.sites.filter((site) => site.bucket === bucket).length);
    const open = each.ledger.sites.filter(({ bucket }) => OPEN.includes(bucket)).length;
    return [name(each), ...counts.map(String), percent(open / each.ledger.sites.length)];
  });
  return `Places by bucket; \`open\` is the share that is ${OPEN.join(", ")}.\n\n${table(["version", ...buckets, "open"], rows)}`;
}

function quarantineTable(all: readonly Mined[]): string {
  const rows = all.map((each) => {
    const rules = Object.values(each.rules.corpus.entries).flatMap((entry) => entry.rules);
    const reasons = Object.entries(each.quarantine).map(([reason, count]) => `${reason} ${count}`);
    return [name(each), String(rules.length), reasons.toSorted().join(", ")];
  });
  return table(["version", "rules", "quarantine"], rows);
}

/** How many parts of conditions were seen to matter by themselves. */
function evidenceTable(all: readonly Mined[]): string {
  const reasons = Object.keys(ATOM_EFFECTS).filter((effect) => effect !== "shown" && effect !== "unseen");
  const rows = all.map((each) => {
    const rules = Object.values(each.rules.corpus.entries).flatMap((entry) => entry.rules);
    const sum = (count: (evidence: RuleEvidence) => number): string =>
      String(rules.reduce((total, { evidence }) => total + (evidence === null ? 0 : count(evidence)), 0));
    const counts = reasons.map((reason) =>
      sum(({ unflipped = {} }) => unflipped[reason as keyof typeof unflipped] ?? 0),
    );
    return [name(each), sum(({ atoms }) => atoms), ...counts];
  });
  return `Parts of conditions that were seen to matter, and why others were not.\n\n${table(["version", "shown", ...reasons], rows)}`;
}

/** Of the places that refuse or say something, those that drawn configurations came by. */
function metTable(all: readonly Mined[]): string {
  const rows = all.flatMap((each) => {
    const coverage = each.scorecard?.coverage;
    if (coverage === undefined || coverage === null) return [];
    const { met, shut } = coverage;
    return [[name(each), share(met), String(met.of), String(shut.length)]];
  });
  const header = ["version", "places met", "of", "behind a missing package"];
  return table(header, rows);
}

const SCORES = `Scores of configurations that were drawn without the rules (\`scorecard.json\` has the intervals, the trivial
baselines and all strata). \`refused\` is how often the engine refuses; precision and recall are of refusals, then of
warnings and changed values; \`attributed\` is the recall by rules of the very place that refused. \`nested\` gives
parameters objects and dicts of their keywords, \`written\` repeats calls in the engine's own tests, and \`changed\` such a
call with one thing changed.`;

function scoreTable(all: readonly Mined[]): string {
  const rows = all.flatMap((each) =>
    Object.entries(each.scorecard?.groups ?? {}).flatMap(([group, score]) => scoreRows(name(each), group, score)),
  );
  if (rows.length === 0) return "No version is scored yet.";
  const header = ["version", "class", "stratum", "n", "refused", "precision", "recall", "attributed", "false reject"];
  return table([...header, "notice precision", "notice recall", "values right"], rows);
}

const scoreRows = (version: string, group: string, { strata }: Score): readonly (readonly string[])[] =>
  Object.entries(strata).map(([stratum, { n, error, attributed, notice, effective }]) => [
    version,
    group.split(".").at(-1) ?? group,
    stratum,
    String(n),
    share(error.base),
    share(error.precision),
    share(error.recall),
    share(attributed),
    share(error.false_positive),
    share(notice.precision),
    share(notice.recall),
    share(effective),
  ]);

const share = ({ value }: Rate): string => (value === null ? "" : percent(value));

const percent = (value: number): string => `${(100 * value).toFixed(value > 0.99 || value < 0.01 ? 2 : 1)} %`;
