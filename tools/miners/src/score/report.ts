import type { Cluster } from "./clusters.ts";
import type { Rate } from "./rate.ts";
import type { Score, StratumScore } from "./scorecard.ts";
import type { Scorecard } from "./score.ts";

const COLUMNS = [
  "stratum",
  "n",
  "refused",
  "precision",
  "recall",
  "attributed",
  "false reject",
  "noticed",
  "precision",
  "recall",
  "changed",
  "values",
];

/** A scorecard for people, the trivial baselines beside it. */
export function scorecardText(card: Scorecard): string {
  const parts = Object.entries(card.groups).map(([group, score]) => groupText(group, score));
  const temporal = card.temporal.flatMap(({ mined_on: version, groups }) =>
    Object.entries(groups).map(([group, score]) => groupText(`${group}, by the rules of ${version}`, score)),
  );
  const { flaky, lost, unconstructible } = card.excluded;
  const { coverage } = card;
  const unmet = coverage === null ? [] : coverage.unmet.map((place) => `  ${place}\n`);
  const met =
    coverage === null
      ? ""
      : `places that were met at all: ${rateText(coverage.met)}; behind a missing package: ${coverage.shut.length}\n${unmet.join("")}`;
  const excluded = `left out: ${flaky} flaky, ${lost} lost, ${unconstructible} unconstructible\n`;
  return [`${card.engine} ${card.engine_version}, seed ${card.seed}\n`, ...parts, ...temporal, met, excluded].join(
    "\n",
  );
}

function groupText(group: string, { strata, sites }: Score): string {
  const rows = Object.entries(strata).flatMap(([stratum, each]) => [row(stratum, each), ...baselineRows(each)]);
  const places = `places that refuse: ${rateText(sites.error)} foretold; that warn or change: ${rateText(sites.notice)}`;
  const weak = Object.entries(sites.weak).map(([site, [foretold, happened]]) => `  ${site} ${foretold}/${happened}`);
  return `${group}\n${table([COLUMNS, ...rows])}\n${places}\n${weak.join("\n")}${weak.length > 0 ? "\n" : ""}`;
}

const row = (stratum: string, { n, error, attributed, notice, effective }: StratumScore): string[] => [
  stratum,
  String(n),
  percent(error.base),
  rateText(error.precision),
  rateText(error.recall),
  percent(attributed),
  rateText(error.false_positive),
  percent(notice.base),
  rateText(notice.precision),
  rateText(notice.recall),
  String(effective.of),
  rateText(effective),
];

const baselineRows = ({ baselines }: StratumScore): string[][] =>
  Object.entries(baselines).map(([name, { precision, recall, false_positive: wrong }]) => [
    `  (${name})`,
    "",
    "",
    percent(precision),
    percent(recall),
    "",
    percent(wrong),
  ]);

const percent = ({ value }: Rate): string => (value === null ? "-" : `${(value * 100).toFixed(2)} %`);
const rateText = (rate: Rate): string =>
  rate.value === null
    ? "-"
    : `${percent(rate)} [${(rate.low * 100).toFixed(1)}, ${(rate.high * 100).toFixed(1)}] of ${rate.of}`;

function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The most frequent causes of disagreement, each with its smallest example. */
export function clustersText(clusters: readonly Cluster[], most: number): string {
  const lines = clusters.slice(0, most).map(({ entry, what, where, count, abstained, example }) => {
    const { sample, truth, prediction } = example;
    const values =
      what === "wrong value"
        ? ` is ${JSON.stringify(truth.changed)}, foretold ${JSON.stringify(prediction.effective)}`
        : "";
    const unsure = abstained > 0 ? `, ${abstained} with abstentions` : "";
    return `${count} x ${what} of ${entry} at ${where}${unsure}\n    ${sample.stratum} ${JSON.stringify(sample.keywords)}${values}`;
  });
  const total = clusters.reduce((sum, { count }) => sum + count, 0);
  return `${total} disagreements of ${clusters.length} kinds\n${lines.join("\n")}\n`;
}
