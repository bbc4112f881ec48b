import type { Resolution } from "@lem/config";
import { tableLines } from "@lem/report";
import type { CliContext } from "../context.ts";
import type { ExperimentFlags } from "../flags.ts";
import { loadFromFlags, reportProblems } from "../experiment-input.ts";
import { fieldRows } from "../field-rows.ts";

interface Plan {
  readonly declared: number;
  readonly refused: number;
  readonly merged: number;
  readonly runs: number;
  readonly by_rule: Readonly<Record<string, number>>;
  readonly points: readonly object[];
}

function planOf(resolution: Resolution | undefined, refusedBy: readonly string[]): Plan {
  const runs = resolution === undefined ? 0 : 1;
  const byRule = Object.fromEntries(refusedBy.map((rule) => [rule, 1]));
  const points = resolution === undefined ? [] : [pointOf(resolution)];
  return { declared: 1, refused: 1 - runs, merged: 0, runs, by_rule: byRule, points };
}

const pointOf = ({ id, effective_id, changed, experiment, provenance }: Resolution): object => ({
  experiment_id: id,
  effective_id,
  changed,
  config: experiment,
  provenance,
});

/** `lem plan`: what would run, with the value and origin of every field. Needs no engine. */
export async function plan(this: CliContext, flags: ExperimentFlags, file?: string): Promise<void> {
  const { resolution, problems } = await loadFromFlags(this.io, flags, file);
  const errors = problems.filter((problem) => problem.severity === "error");
  const summary = planOf(resolution, [...new Set(errors.map((problem) => problem.rule ?? problem.code))]);
  if (flags.json) this.io.stdout.write(`${JSON.stringify({ ...summary, problems })}\n`);
  else {
    reportProblems(this.io, problems);
    if (resolution !== undefined) this.io.stdout.write(`${planText(resolution)}\n`);
  }
  if (errors.length > 0) this.finish(2);
}

function planText(resolution: Resolution): string {
  const { experiment, id } = resolution;
  const { workload, measurement } = experiment;
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  const work = `${counted(measurement.windows, "window")} × ${counted(workload.n, "prompt")}`;
  const head = `1 experiment to run: ${experiment.model} on ${experiment.engine}, ${work}   ${id}`;
  return [head, "", ...tableLines(["field", "value", "from"], fieldRows(resolution))].join("\n");
}
