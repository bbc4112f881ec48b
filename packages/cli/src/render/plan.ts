import type { ExecutionSettings } from "@lem/config";
import { tableLines } from "@lem/report";
import type { Estimate, LoadedPlan, RefusedByRule } from "@lem/study/plan";

const count = (points: number): string => points.toLocaleString("en");

/** Rules that the funnel names before it only counts them. */
const MOST_RULES = 4;
/** Merged points that `--why` lists. */
const MOST_MERGED = 200;

/** What becomes of the declared points, one line a step. */
export function funnelLines({ funnel, gridSize, plan, work }: LoadedPlan, estimate?: Estimate): readonly string[] {
  const { declared, refused, merged, beyondBudget } = funnel;
  const runs = plan?.runs.length ?? 0;
  const steps: readonly (readonly [string, number, string])[] = [
    [plan?.name ?? "study", declared, gridSize > declared ? `drawn from ${count(gridSize)} declared` : "declared"],
    ["  refused", refused.points, rulesText(refused.byRule)],
    ["  merged", merged.points, merged.points === 0 ? "" : "do the same as others (--why lists them)"],
    ...(beyondBudget === 0 ? [] : [["  beyond the budget", beyondBudget, ""] as const]),
    ["  to run", runs, plan === undefined ? "" : runText(plan.execution)],
  ];
  const width = Math.max(...steps.map(([step]) => step.length)) + 2;
  const digits = Math.max(...steps.map(([, points]) => count(points).length));
  const lines = steps.map(([step, points, note]) =>
    `${step.padEnd(width)}${count(points).padStart(digits)}   ${note}`.trimEnd(),
  );
  const engines = work.map(({ engine, model, experiments }) => `${model} on ${engine} ${count(experiments)}`);
  if (plan === undefined) return lines;
  return [...lines, "", ...engines.map((line) => `  ${line}`), ...estimateLines(estimate), ...loadLines(plan)];
}

/** `× 3 cycles`; nothing for one. */
export function cyclesText({ cycles, stop }: ExecutionSettings): string {
  if (stop !== null) return `× ${stop.min_cycles} to ${stop.max_cycles} cycles`;
  return cycles === 1 ? "" : `× ${cycles} cycles`;
}

const SEEDED: ReadonlySet<ExecutionSettings["order"]> = new Set(["shuffled", "latin-square"]);

/** What a run of a study does not run, in a line; nothing where all points run. */
export function leftOutLine({ funnel: { declared, refused, merged, beyondBudget } }: LoadedPlan): string | undefined {
  const parts = [
    [refused.points, "refused by rules"],
    [merged.points, "do the same as others"],
    [beyondBudget, "beyond the budget"],
  ] as const;
  const told = parts.flatMap(([points, why]) => (points === 0 ? [] : [`${count(points)} ${why}`]));
  return told.length === 0 ? undefined : `of ${count(declared)} points ${told.join(", ")}   → lem plan --why`;
}

function runText(execution: ExecutionSettings): string {
  const order = `${execution.order}${SEEDED.has(execution.order) ? ` (seed ${execution.seed})` : ""}`;
  const { hours } = execution.budget;
  const limit = hours === null ? "" : `no new run after ${hours} h`;
  return [cyclesText(execution), order, limit].filter((text) => text !== "").join(", ");
}

/** Counts by the field that rules are about, the largest first: `num_return_sequences 2,880 · top_p 1,216`. */
function rulesText(byRule: readonly RefusedByRule[]): string {
  const sums = new Map<string, number>();
  for (const { rule, points } of byRule) sums.set(shortName(rule), (sums.get(shortName(rule)) ?? 0) + points);
  const sorted = [...sums].toSorted(([, a], [, b]) => b - a);
  const told = sorted.slice(0, MOST_RULES).map(([name, points]) => `${name} ${count(points)}`);
  return [...told, ...(sorted.length > MOST_RULES ? ["…"] : [])].join(" · ");
}

/** `vllm.SamplingParams.top_p.error-7f3a1c` is about `top_p`; lem's own rules and codes are short as they are. */
function shortName(rule: string): string {
  const parts = rule.split(".");
  return /-[\da-f]{6}$/.test(rule) ? (parts.at(-2) ?? rule) : rule;
}

function estimateLines(estimate: Estimate | undefined): readonly string[] {
  if (estimate === undefined) return [];
  const { seconds, joules, runs, unknownRuns, basedOn } = estimate;
  if (seconds === null) return ["  time and energy unknown: no result of these models on this machine yet"];
  const energy = joules === null ? "energy unknown: not measured in those" : `${joulesText(joules)} in the windows`;
  const results = `${basedOn} earlier result${basedOn === 1 ? "" : "s"}`;
  const rest = unknownRuns === 0 ? "" : `, without ${count(unknownRuns)} runs of models that have no result yet`;
  return [`  ≈ ${durationText(seconds)} for ${count(runs)} runs, ${energy}   from ${results}${rest}`];
}

function loadLines({ runs, execution }: NonNullable<LoadedPlan["plan"]>): readonly string[] {
  const loads = new Set(runs.map(({ loadKey }) => loadKey)).size;
  if (loads === runs.length) return [];
  const how = execution.keep_loaded ? "kept from run to run of a cycle" : "each run loads anew";
  return [`  ${count(loads)} different model load${loads === 1 ? "" : "s"}; ${how}`];
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(Math.round(seconds), 1)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(seconds < 36_000 ? 1 : 0)} h`;
}

const joulesText = (joules: number): string =>
  joules < 1000
    ? `${joules.toPrecision(3)} J`
    : joules < 3.6e6
      ? `${(joules / 1000).toPrecision(3)} kJ`
      : `${(joules / 3.6e6).toPrecision(3)} kWh`;

/** Every rule that refuses points, with one of them; every merged point with the one that runs for it. */
export function whyLines({ funnel }: LoadedPlan): readonly string[] {
  const rules = funnel.refused.byRule.map(({ rule, points, example }) => [
    count(points),
    rule,
    example.message,
    example.label,
  ]);
  const merged: string[][] = [];
  for (const { label, intoLabel } of funnel.merged.mapping()) {
    if (merged.length === MOST_MERGED) break;
    merged.push([label, intoLabel]);
  }
  const more = funnel.merged.points - merged.length;
  return [
    ...(rules.length === 0 ? [] : ["", ...tableLines(["points", "refused by", "why", "for example"], rules)]),
    ...(merged.length === 0 ? [] : ["", ...tableLines(["merged", "runs as"], merged)]),
    ...(more === 0 ? [] : [`and ${count(more)} more; --json lists all`]),
  ];
}
