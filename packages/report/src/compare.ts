import {
  compareReadings,
  correctFamily,
  isAvailable,
  METRICS,
  type ComparedFigure,
  type ExperimentResult,
  type JsonObject,
  type JsonValue,
  type MetricTag,
  type Reading,
  type ReadingComparison,
} from "@lem/domain";
import { formatReading } from "./format.ts";
import { headline } from "./summary.ts";

type Compared = Extract<ReadingComparison, { readonly status: "compared" }>;

/** One metric of two results. */
export interface MetricComparison {
  readonly tag: MetricTag;
  readonly first: Reading;
  readonly second: Reading;
  /** `adjusted_p` is corrected for all comparisons that were asked for together; `distinguishable` goes by it. */
  readonly outcome: (Compared & { readonly adjusted_p: number }) | Exclude<ReadingComparison, Compared>;
}

/** A field that two experiments set differently. */
export interface FieldDifference {
  readonly path: string;
  /** Left out where the field is absent. */
  readonly first?: JsonValue;
  readonly second?: JsonValue;
}

/** A result against the first one. */
export interface ResultComparison {
  readonly baseline: string;
  readonly other: string;
  /** Fields of the resolved configurations that differ. */
  readonly differs: readonly FieldDifference[];
  readonly metrics: readonly MetricComparison[];
  /** What a reader must know: other prompts, another board, findings of either. */
  readonly notes: readonly string[];
}

/** The figures that are compared, with the section of the result they stand in. */
const COMPARED = [
  ["energy", "joules_per_output_token"],
  ["energy", "above_idle_loaded_joules_per_output_token"],
  ["energy", "mean_power"],
  ["throughput", "output_tokens_per_second"],
] as const satisfies readonly (readonly ["energy" | "throughput", MetricTag])[];

const MISSING = { status: "unavailable", reason: "not-completed", detail: "the result does not hold it" } as const;

/** Two results to compare. */
export interface ResultPair {
  readonly first: ExperimentResult;
  readonly second: ExperimentResult;
  /** True for experiments of one study: their equal cycles ran side by side. */
  readonly paired: boolean;
}

/** Compares results with the first of them, all as one family (Holm). */
export function compareResults(
  [baseline, ...others]: readonly ExperimentResult[],
  { paired = false }: { readonly paired?: boolean } = {},
): readonly ResultComparison[] {
  return baseline === undefined
    ? []
    : comparePairs(others.map((other) => ({ first: baseline, second: other, paired })));
}

/** Compares pairs of results, all as one family (Holm). */
export function comparePairs(pairs: readonly ResultPair[]): readonly ResultComparison[] {
  const found = pairs.map((pair) => ({ ...pair, metrics: metricsOf(pair.first, pair.second, pair.paired) }));
  const family = found.flatMap(({ metrics }) =>
    metrics.flatMap(({ outcome }) => (isCompared(outcome) ? [outcome] : [])),
  );
  const corrected = new Map(correctFamily(family).map((outcome, index) => [family[index], outcome]));
  return found.map(({ first, second, metrics }) => ({
    baseline: headline(first),
    other: headline(second),
    differs: differencesOf(first.config.resolved, second.config.resolved),
    metrics: metrics.map(({ outcome, ...metric }) => ({
      ...metric,
      outcome: isCompared(outcome) ? (corrected.get(outcome) ?? { ...outcome, adjusted_p: outcome.p }) : outcome,
    })),
    notes: notesOf(first, second),
  }));
}

const isCompared = (outcome: ReadingComparison): outcome is Compared => outcome.status === "compared";

function metricsOf(
  baseline: ExperimentResult,
  other: ExperimentResult,
  paired: boolean,
): readonly (Omit<MetricComparison, "outcome"> & { readonly outcome: ReadingComparison })[] {
  return COMPARED.map(([section, tag]) => {
    const [first, second] = [baseline, other].map((result) => figureOf(result, section, tag)) as [
      ComparedFigure,
      ComparedFigure,
    ];
    const sameSensor = section === "throughput" || boardsOf(baseline) === boardsOf(other);
    return {
      tag,
      first: first.reading,
      second: second.reading,
      outcome: compareReadings(first, second, { sameSensor, paired }),
    };
  });
}

/** A figure; energies above idle move by as much as the whole energy does. */
function figureOf(result: ExperimentResult, section: "energy" | "throughput", tag: MetricTag): ComparedFigure {
  const reading = readingOf(result, section, tag);
  const whole = tag.startsWith("above_idle") ? readingOf(result, "energy", "joules_per_output_token") : reading;
  const cycles = result.repeats?.figures[`${section}.${tag}`]?.values;
  return {
    reading,
    ...(isAvailable(whole) ? { level: whole.value } : {}),
    ...(cycles === undefined ? {} : { cycles }),
  };
}

function readingOf(result: ExperimentResult, section: "energy" | "throughput", tag: MetricTag): Reading {
  if (result.status !== "completed") return { ...MISSING, detail: `the experiment is ${result.status}` };
  if (result.quality.verdict === "invalid") return { ...MISSING, detail: "the result contradicts itself" };
  return (result[section] as Readonly<Record<string, Reading>>)[tag] ?? MISSING;
}

/** What tells one board from another: the GPUs' UUIDs, else the processor. */
export function boardsOf({ environment: { facts } }: ExperimentResult): string {
  const uuids = Object.entries(facts.gpu ?? {}).filter(([name]) => name.endsWith("_uuid"));
  const known = uuids.length > 0 ? uuids : Object.entries(facts.cpu ?? {}).filter(([name]) => name === "model");
  return known.map(([, fact]) => (fact.status === "measured" ? JSON.stringify(fact.value) : "?")).join();
}

function notesOf(baseline: ExperimentResult, other: ExperimentResult): readonly string[] {
  const [a, b] = [baseline.workload?.input_ids_sha256, other.workload?.input_ids_sha256];
  const prompts = a !== b ? ["they ran other prompts: J/token and tokens/s depend on them"] : [];
  const boards =
    boardsOf(baseline) !== boardsOf(other) ? ["they ran on two boards, whose sensors differ by up to 5 % each"] : [];
  return [...prompts, ...boards, ...flagsOf("first", baseline), ...flagsOf("second", other)];
}

/** Findings of a result that speak against its figures. */
function flagsOf(which: string, { quality }: ExperimentResult): readonly string[] {
  const codes = quality.findings.filter(({ severity }) => severity !== "info").map(({ code }) => code);
  return codes.length === 0 ? [] : [`the ${which} is flagged: ${codes.join(", ")}`];
}

function differencesOf(first: JsonObject, second: JsonObject): readonly FieldDifference[] {
  const [a, b] = [new Map(leavesOf(first)), new Map(leavesOf(second))];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => path !== "name" && JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)))
    .map((path) => {
      const [one, two] = [a.get(path), b.get(path)];
      return { path, ...(one === undefined ? {} : { first: one }), ...(two === undefined ? {} : { second: two }) };
    });
}

function leavesOf(value: JsonObject, prefix = ""): readonly (readonly [path: string, value: JsonValue])[] {
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? leavesOf(each as JsonObject, `${prefix}${key}.`)
      : [[`${prefix}${key}`, each] as const],
  );
}

/** A comparison for a person: a line a metric, and what cannot be told apart is said so. */
export function comparisonLines({ baseline, other, differs, metrics, notes }: ResultComparison): string[] {
  const fields = differs.slice(0, MOST_FIELDS).map(fieldLine);
  const more = differs.length > MOST_FIELDS ? [`  and ${differs.length - MOST_FIELDS} other fields`] : [];
  return [
    other,
    `  against ${baseline}`,
    ...fields,
    ...more,
    "",
    ...metrics.map(metricLine),
    ...notes.map((note) => `  ! ${note}`),
  ];
}

/** Fields that differ, shown on a screen; JSON holds all. */
const MOST_FIELDS = 6;

const fieldLine = ({ path, first, second }: FieldDifference): string =>
  `  ${path}: ${fieldText(first)} → ${fieldText(second)}`;

const fieldText = (value: JsonValue | undefined): string => (value === undefined ? "not set" : JSON.stringify(value));

const LABEL_WIDTH = Math.max(...COMPARED.map(([, tag]) => titleOf(tag).length));

function titleOf(tag: MetricTag): string {
  return METRICS.find((metric) => metric.tag === tag)?.title ?? tag;
}

function metricLine({ tag, first, second, outcome }: MetricComparison): string {
  const label = `  ${titleOf(tag).padEnd(LABEL_WIDTH)}  `;
  if (outcome.status === "unknown") return `${label}not compared: ${outcome.detail}`;
  const change = `${percent(outcome.relative)} (95 %: ${percent(outcome.low)} to ${percent(outcome.high)})`;
  const by = BY[outcome.by];
  const figures = `${isAvailable(first) ? formatReading(first) : "-"} → ${formatReading(second)}`;
  return `${label}${figures}   ${outcome.distinguishable ? change : `not distinguishable: ${change}`}${by}`;
}

/** Windows are what every single run has: nothing is said of them. */
const BY = { windows: "", cycles: ", by cycles", "paired-cycles": ", by cycles in pairs" } as const;

/** A share as a change in percent. */
export const percent = (share: number): string => {
  const text = (100 * Math.abs(share)).toFixed(Math.abs(share) < 0.01 ? 2 : 1);
  return `${share < 0 ? "−" : "+"}${text} %`;
};
