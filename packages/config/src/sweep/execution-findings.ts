import { METRICS } from "@lem/domain";
import type { ExecutionSettings } from "../execution.ts";
import type { Finding } from "../problem.ts";
import { suggestion } from "../suggest.ts";

/** What is wrong with execution settings that are right one by one. */
export function executionFindings(execution: ExecutionSettings): readonly Finding[] {
  const { stop, budget, cycles } = execution;
  const findings: Finding[] = [];
  const conflict = (path: readonly string[], message: string, hint: string): void =>
    void findings.push({ code: "config.conflict", path: ["execution", ...path], at: "value", message, hint });
  if (stop !== null && stop.min_cycles > stop.max_cycles)
    conflict(
      ["stop", "min_cycles"],
      `min_cycles (${stop.min_cycles}) is above max_cycles (${stop.max_cycles})`,
      "raise max_cycles",
    );
  const tags = METRICS.map(({ tag }) => tag as string);
  if (stop !== null && !tags.includes(stop.metric))
    findings.push({
      code: "config.not-allowed",
      path: ["execution", "stop", "metric"],
      at: "value",
      message: `there is no metric named "${stop.metric}"`,
      hint: suggestion(stop.metric, tags),
    });
  const runs = stop?.max_cycles ?? cycles;
  const useless = execution.keep_loaded ? whyNeverKept(execution, runs) : undefined;
  if (useless !== undefined) conflict(["keep_loaded"], ...useless);
  if (budget.runs !== null && budget.runs < runs)
    conflict(
      ["budget", "runs"],
      `a budget of ${budget.runs} runs holds no experiment of ${runs} cycles`,
      `give at least ${runs}`,
    );
  return findings;
}

/** Why no run could take over the engine of the one before, with what to do about it; undefined where some may. */
function whyNeverKept(
  { force_cold_start, order }: ExecutionSettings,
  cycles: number,
): readonly [string, string] | undefined {
  if (force_cold_start) return ["keep_loaded and force_cold_start exclude one another", "leave one of them out"];
  if (order !== "sequential" || cycles === 1) return undefined;
  return ["each cycle loads the model anew, and in sequential order no two runs of a cycle meet", "set order: grouped"];
}
