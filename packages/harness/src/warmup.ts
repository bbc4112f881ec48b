import { coefficientOfVariation, measured, unavailable, type Emit, type Reading, type WarmupRecord } from "@lem/domain";
import type { ResolvedMeasurement } from "@lem/config";

/** When a warm-up has converged, and how long it may take. */
export type WarmupRule = ResolvedMeasurement["warmup"];

/** What the runs so far say: go on, or end with or without convergence. */
export interface WarmupVerdict {
  readonly status: "continue" | "converged" | "not-reached";
  /** Coefficient of variation of the last `window` durations; null below that many runs. */
  readonly cv: number | null;
}

/**
 * Decides after each run: converged when the coefficient of variation (sample standard deviation / mean) of the last
 * `window` durations is at most `target_cv` and `min_runs` are done, not reached when `max_runs` are done without.
 */
export function judgeWarmup(durations: readonly number[], rule: WarmupRule): WarmupVerdict {
  const recent = durations.slice(-rule.window);
  const variation = coefficientOfVariation(recent);
  const cv = recent.length < Math.max(2, rule.window) || Number.isNaN(variation) ? null : variation;
  if (cv !== null && cv <= rule.target_cv && durations.length >= rule.min_runs) return { status: "converged", cv };
  return { status: durations.length >= rule.max_runs ? "not-reached" : "continue", cv };
}

/**
 * Runs the warm-up: the same shape again and again until its duration is steady. Not reaching it is a result.
 * @param runOnce does one run and answers its duration in seconds
 */
export async function warmUp(rule: WarmupRule, runOnce: () => Promise<number>, emit: Emit): Promise<WarmupRecord> {
  if (!rule.enabled) return record("skipped", rule, [], null);
  const durations: number[] = [];
  for (;;) {
    const seconds = await runOnce();
    durations.push(seconds);
    const { status, cv } = judgeWarmup(durations, rule);
    const { max_runs: limit, target_cv } = rule;
    emit({ type: "warmup-run", run: durations.length, limit, seconds, cv, target_cv });
    if (status !== "continue") return record(status, rule, durations, cv);
  }
}

function record(
  status: WarmupRecord["status"],
  rule: WarmupRule,
  run_seconds: readonly number[],
  cv: number | null,
): WarmupRecord {
  return {
    status,
    runs: run_seconds.length,
    limit: rule.max_runs,
    target_cv: rule.target_cv,
    cv: cvReading(status, rule, cv),
    run_seconds,
  };
}

function cvReading(status: WarmupRecord["status"], rule: WarmupRule, cv: number | null): Reading {
  if (status === "skipped") return unavailable("switched-off", "measurement.warmup.enabled is false");
  if (cv === null) return unavailable("too-few-samples", `a coefficient of variation needs ${rule.window} runs`);
  const source = `durations of the last ${rule.window} warm-up runs, CLOCK_MONOTONIC`;
  return measured({ value: cv, unit: "ratio", source, n: rule.window });
}
