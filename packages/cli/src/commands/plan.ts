import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { hasErrors, type Resolution } from "@lem/config";
import { tableLines } from "@lem/report";
import type { Estimate, LoadedPlan, StudyPlan } from "@lem/study/plan";
import type { CliContext } from "../context.ts";
import { planFromFlags, reportProblems } from "../experiment-input.ts";
import { fieldRows } from "../field-rows.ts";
import type { PlanFlags } from "../routes/flags.ts";
import type { CliIo } from "../io.ts";
import { cyclesText, funnelLines, whyLines } from "../render/plan.ts";

/** `lem plan`: what would run. Needs no engine. */
export async function plan(this: CliContext, flags: PlanFlags, file?: string): Promise<void> {
  const { io } = this;
  // Points are many and short-lived: garbage of the size of all that is kept need not pile up first.
  setFlagsFromString("--heap-growing-percent=30");
  const loaded = await planFromFlags(io, flags, { file });
  if (flags.json) await writeJson(io, loaded, flags);
  else {
    reportProblems(io, loaded.problems);
    if (loaded.plan !== undefined) io.stdout.write(`${(await planLines(io, loaded, flags)).join("\n")}\n`);
    else if (loaded.funnel.declared > 1) io.stdout.write(`${funnelLines(loaded).join("\n")}\n`);
  }
  if (hasErrors(loaded.problems)) this.finish(2);
}

/** The resolution of a file that describes one experiment; undefined for a study. */
async function singleOf({ runs, declared, resolve: resolvePoint }: StudyPlan): Promise<Resolution | undefined> {
  const [only] = runs;
  return declared === 1 && only?.label === "" ? await resolvePoint(only) : undefined;
}

async function planLines(io: CliIo, loaded: LoadedPlan, flags: PlanFlags): Promise<readonly string[]> {
  const single = loaded.plan === undefined ? undefined : await singleOf(loaded.plan);
  if (single !== undefined) return experimentLines(single, loaded.plan as StudyPlan);
  const lines = funnelLines(loaded, await estimate(io, loaded, flags));
  return flags.why ? [...lines, ...whyLines(loaded)] : lines;
}

async function estimate(
  io: CliIo,
  { work, plan: planned }: LoadedPlan,
  flags: PlanFlags,
): Promise<Estimate | undefined> {
  if (planned === undefined) return undefined;
  const { estimateFrom } = await import("@lem/study/plan");
  return estimateFrom(resolve(io.cwd, flags.out ?? "results"), { work, execution: planned.execution });
}

function experimentLines(resolution: Resolution, { execution }: StudyPlan): readonly string[] {
  const { experiment, id } = resolution;
  const { workload, measurement } = experiment;
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  const work = `${counted(measurement.windows, "window")} × ${counted(workload.n, "prompt")}`;
  const cycles = cyclesText(execution);
  const head = `1 experiment to run: ${experiment.model} on ${experiment.engine}, ${work}${cycles === "" ? "" : ` ${cycles}`}   ${id}`;
  return [head, "", ...tableLines(["field", "value", "from"], fieldRows(resolution))];
}

async function writeJson(io: CliIo, loaded: LoadedPlan, flags: PlanFlags): Promise<void> {
  const { plan: planned, funnel, problems, refusals } = loaded;
  const counts = {
    declared: funnel.declared,
    refused: funnel.refused.points,
    merged: funnel.merged.points,
    beyond_budget: funnel.beyondBudget,
    grid: loaded.gridSize,
    runs: planned?.runs.length ?? 0,
    by_rule: Object.fromEntries(funnel.refused.byRule.map(({ rule, points }) => [rule, points])),
  };
  const rest = planned === undefined ? { points: [] } : await pointsJson(io, { ...loaded, plan: planned }, flags);
  io.stdout.write(`${JSON.stringify({ ...counts, ...rest, problems: [...problems, ...refusals] })}\n`);
}

type Planned = LoadedPlan & { readonly plan: StudyPlan };

async function pointsJson(io: CliIo, loaded: Planned, flags: PlanFlags): Promise<object> {
  const { execution, runs, merged } = loaded.plan;
  const single = await singleOf(loaded.plan);
  if (single !== undefined) return { points: [singlePoint(single)], execution };
  const { orderOf } = await import("@lem/study/plan");
  return {
    points: runs.map(({ id, engine, label, loadKey }, index) => ({
      experiment_id: id,
      label,
      engine,
      load: loadKey,
      set: loaded.valuesOf(index),
    })),
    merged_points: [...merged.mapping()],
    execution,
    order: (await orderOf(loaded.plan)).map(({ point, cycle }) => [point, cycle]),
    estimate: await estimate(io, loaded, flags),
  };
}

const singlePoint = ({ id, effective_id, changed, experiment, provenance }: Resolution): object => ({
  experiment_id: id,
  effective_id,
  changed,
  config: experiment,
  provenance,
});
