import { resolve } from "node:path";
import { isAvailable, type Reading } from "@lem/domain";
import { tableLines } from "@lem/report";
import { aggregateFolder } from "@lem/study";
import type { CliContext } from "../context.ts";
import type { JsonFlags } from "../routes/flags.ts";

type Aggregated = Awaited<ReturnType<typeof aggregateFolder>>[number];

/** `lem results aggregate`: one result of each experiment's raw results again; those of a study are stored. */
export async function aggregate(this: CliContext, flags: JsonFlags, path: string): Promise<void> {
  const { cwd, stdout } = this.io;
  const results = await aggregateFolder(resolve(cwd, path));
  if (flags.json) stdout.write(`${JSON.stringify(results)}\n`);
  else stdout.write(`${tableLines(["experiment", "of", "throughput", "energy"], results.map(rowOf)).join("\n")}\n`);
}

function rowOf(result: Aggregated): string[] {
  const { throughput, energy } = result;
  const of = "format" in result ? `${result.processes} processes` : `${result.repeats?.cycles.length ?? 1} cycles`;
  const perToken = energy["joules_per_output_token"];
  return [result.experiment_id, of, shown(throughput.output_tokens_per_second), perToken ? shown(perToken) : ""];
}

function shown(reading: Reading): string {
  if (!isAvailable(reading)) return `unavailable: ${reading.detail}`;
  const { value, unit, interval } = reading;
  const doubt = interval === undefined ? "" : ` (${interval.low.toPrecision(4)} to ${interval.high.toPrecision(4)})`;
  return `${value.toPrecision(4)} ${unit}${doubt}`;
}
