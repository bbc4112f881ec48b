export * from "./run-experiment.ts";
export * from "./results/index.ts";
export * from "./results/recompute.ts";
