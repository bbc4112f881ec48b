import type { ExecutionSettings, Resolution } from "@lem/config";
import type { StudyPlan } from "./plan.ts";

/** Free space that a single experiment wants, in MiB. */
const ROOM_MIB = 16;

/** A single experiment runs once; that it fails is its result. */
const ONCE: ExecutionSettings = {
  cycles: 1,
  order: "sequential",
  seed: 0,
  gap: { experiment_s: 0, cycle_s: 0, until_c: null, limit_s: 0 },
  force_cold_start: false,
  keep_loaded: false,
  timeout_s: null,
  retries: { times: 0, codes: [] },
  breaker: { failures: 0, cooldown_s: 0 },
  min_free_mib: ROOM_MIB,
  stop: null,
  budget: { runs: null, hours: null },
};

/** A single experiment as a plan. */
export function planOfOne(resolution: Resolution): StudyPlan {
  const { id, experiment } = resolution;
  return {
    name: experiment.name,
    declared: 1,
    refused: { points: 0, byRule: [] },
    merged: { points: 0, mapping: () => [] },
    beyondBudget: 0,
    runs: [{ id, engine: experiment.engine, label: "", loadKey: id, workKey: "" }],
    execution: ONCE,
    resolve: () => Promise.resolve(resolution),
  };
}
