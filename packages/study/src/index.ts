export type { MergedPoint, PlannedPoint, RefusedByRule, RunSlot, StudyPlan } from "./plan/plan.ts";
export * from "./run-experiment.ts";
export * from "./results/index.ts";
export * from "./results/recompute.ts";
