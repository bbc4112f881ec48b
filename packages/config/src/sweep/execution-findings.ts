import { METRICS } from "@lem/domain";
import type { ExecutionSettings } from "../execution.ts";
import type { Finding } from "../problem.ts";
import { suggestion } from "../suggest.ts";

/** What is wrong with execution settings that are right one by one. */
export function executionFindings({ stop, budget, cycles }: ExecutionSettings): readonly Finding[] {
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
  if (budget.runs !== null && budget.runs < runs)
    conflict(
      ["budget", "runs"],
      `a budget of ${budget.runs} runs holds no experiment of ${runs} cycles`,
      `give at least ${runs}`,
    );
  return findings;
}
