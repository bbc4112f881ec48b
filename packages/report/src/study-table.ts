import { isAvailable, type DistributionReadings, type ExperimentResult, type Reading } from "@lem/domain";
import { formatInterval, formatReading } from "./format.ts";
import { tableLines } from "./table.ts";

/** An experiment of a study with its aggregate. */
export interface StudyRow {
  /** Its axis values in short. */
  readonly label: string;
  readonly result: ExperimentResult;
}

/** The figures that a study compares, each by its name and where a result has it. */
const COLUMNS: readonly (readonly [title: string, read: (result: ExperimentResult) => Reading | undefined])[] = [
  ["output", ({ throughput }) => throughput.output_tokens_per_second],
  ["energy", ({ energy }) => energy["joules_per_output_token"]],
  ["TTFT", ({ latency }) => typical(latency.ttft)],
  ["ITL", ({ latency }) => typical(latency.itl)],
];

/** The median, or the mean of too few requests for one. */
const typical = ({ p50, mean }: DistributionReadings): Reading => (isAvailable(p50) ? p50 : mean);

/** One line an experiment; a figure that no experiment has is left out. */
export function studyTableLines(rows: readonly StudyRow[]): readonly string[] {
  const columns = COLUMNS.filter(([, read]) => rows.some(({ result }) => read(result)?.status === "measured"));
  const cells = rows.map(({ label, result }) => [label, ...columns.map(([, read]) => cell(result, read(result)))]);
  return tableLines(["experiment", ...columns.map(([title]) => title)], cells);
}

/** A result that is not completed, or contradicts itself, shows no figures. */
function cell({ status, quality }: ExperimentResult, reading: Reading | undefined): string {
  if (reading === undefined || status !== "completed" || quality.verdict === "invalid") return "-";
  return `${formatReading(reading)}${formatInterval(reading)}`;
}
