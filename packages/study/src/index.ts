export * from "./run-experiment.ts";
export * from "./results/index.ts";
