import {
  compareReadings,
  correctFamily,
  isAvailable,
  METRICS,
  type ExperimentResult,
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

/** A result against the first one. */
export interface ResultComparison {
  readonly baseline: string;
  readonly other: string;
  readonly metrics: readonly MetricComparison[];
  /** What a reader must know: other prompts, another board, invalid figures. */
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

/** Compares results with the first of them, all as one family (Holm). */
export function compareResults([baseline, ...others]: readonly ExperimentResult[]): readonly ResultComparison[] {
  if (baseline === undefined) return [];
  const found = others.map((other) => ({ other, metrics: metricsOf(baseline, other) }));
  const family = found.flatMap(({ metrics }) =>
    metrics.flatMap(({ outcome }) => (isCompared(outcome) ? [outcome] : [])),
  );
  const corrected = new Map(correctFamily(family).map((outcome, index) => [family[index], outcome]));
  return found.map(({ other, metrics }) => ({
    baseline: headline(baseline),
    other: headline(other),
    metrics: metrics.map(({ outcome, ...metric }) => ({
      ...metric,
      outcome: isCompared(outcome) ? (corrected.get(outcome) ?? { ...outcome, adjusted_p: outcome.p }) : outcome,
    })),
    notes: notesOf(baseline, other),
  }));
}

const isCompared = (outcome: ReadingComparison): outcome is Compared => outcome.status === "compared";

function metricsOf(
  baseline: ExperimentResult,
  other: ExperimentResult,
): readonly (Omit<MetricComparison, "outcome"> & { readonly outcome: ReadingComparison })[] {
  return COMPARED.map(([section, tag]) => {
    const [first, second] = [baseline, other].map((result) => readingOf(result, section, tag)) as [Reading, Reading];
    const sameSensor = section === "throughput" || boardsOf(baseline) === boardsOf(other);
    return { tag, first, second, outcome: compareReadings(first, second, { sameSensor, singleLoads: true }) };
  });
}

function readingOf(result: ExperimentResult, section: "energy" | "throughput", tag: MetricTag): Reading {
  if (result.status !== "completed") return { ...MISSING, detail: `the experiment is ${result.status}` };
  if (result.quality.verdict === "invalid") return { ...MISSING, detail: "the result contradicts itself" };
  return (result[section] as Readonly<Record<string, Reading>>)[tag] ?? MISSING;
}

/** What tells one board from another: the GPUs' UUIDs, else the processor. */
function boardsOf({ environment: { facts } }: ExperimentResult): string {
  const uuids = Object.entries(facts.gpu ?? {}).filter(([name]) => name.endsWith("_uuid"));
  const known = uuids.length > 0 ? uuids : Object.entries(facts.cpu ?? {}).filter(([name]) => name === "model");
  return known.map(([, fact]) => (fact.status === "measured" ? JSON.stringify(fact.value) : "?")).join();
}

function notesOf(baseline: ExperimentResult, other: ExperimentResult): readonly string[] {
  const [a, b] = [baseline.workload?.input_ids_sha256, other.workload?.input_ids_sha256];
  const prompts = a !== b ? ["they ran other prompts: J/token and tokens/s depend on them"] : [];
  const boards =
    boardsOf(baseline) !== boardsOf(other) ? ["they ran on two boards, whose sensors differ by up to 5 % each"] : [];
  return [...prompts, ...boards];
}

/** A comparison for a person: a line a metric, and what cannot be told apart is said so. */
export function comparisonLines({ baseline, other, metrics, notes }: ResultComparison): string[] {
  return [`${other}`, `  against ${baseline}`, "", ...metrics.map(metricLine), ...notes.map((note) => `  ! ${note}`)];
}

const LABEL_WIDTH = Math.max(...COMPARED.map(([, tag]) => titleOf(tag).length));

function titleOf(tag: MetricTag): string {
  return METRICS.find((metric) => metric.tag === tag)?.title ?? tag;
}

function metricLine({ tag, first, second, outcome }: MetricComparison): string {
  const label = `  ${titleOf(tag).padEnd(LABEL_WIDTH)}  `;
  if (outcome.status === "unknown") return `${label}not compared: ${outcome.detail}`;
  const change = `${percent(outcome.relative)} (95 %: ${percent(outcome.low)} to ${percent(outcome.high)})`;
  const figures = `${isAvailable(first) ? formatReading(first) : "-"} → ${formatReading(second)}`;
  return `${label}${figures}   ${outcome.distinguishable ? change : `not distinguishable: ${change}`}`;
}

const percent = (share: number): string => {
  const text = (100 * Math.abs(share)).toFixed(Math.abs(share) < 0.01 ? 2 : 1);
  return `${share < 0 ? "−" : "+"}${text} %`;
};
