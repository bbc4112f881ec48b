import type { Resolution } from "@lem/config";
import type { Emit, ExperimentResult } from "@lem/domain";
import type { Env } from "@lem/engines";
import { refuseInterrupted } from "@lem/harness";
import { buildResult } from "./build-result.ts";
import { measureExperiment } from "./measure-experiment.ts";
import { prepareExperiment } from "./prepare.ts";
import { createStudyFolder, rawResultPaths } from "./results/layout.ts";
import { openManifest } from "./results/manifest.ts";
import { storeResult } from "./results/store.ts";
import { lemVersion } from "./version.ts";

/** How an experiment is run. */
export interface RunExperimentOptions {
  /** Folder in which a new study folder is made. */
  readonly resultsDir: string;
  /** Environment variables: HF_TOKEN, LEM_CACHE, PATH, ... */
  readonly env: Env;
  /** Folder that relative paths and the project start from. */
  readonly cwd: string;
  readonly emit?: Emit;
  /** Aborting ends the run in order: what was measured is stored and marked interrupted; before the start, it throws. */
  readonly signal?: AbortSignal;
  /** The command that repeats the run, for the record. */
  readonly command?: readonly string[];
}

/** What a run left behind. */
export interface ExperimentOutcome {
  /** The study folder. */
  readonly folder: string;
  readonly result: ExperimentResult;
}

/**
 * Measures one experiment and stores it as a study of one. An experiment that fails or is interrupted is a result
 * too; only what refuses it before any start is thrown, and then nothing was written.
 * @throws LemError `engine.*`, `model.*`, `workload.*`, `io.*`, `run.interrupted`
 */
export async function runExperiment(resolution: Resolution, options: RunExperimentOptions): Promise<ExperimentOutcome> {
  const { emit = () => undefined, signal = new AbortController().signal, command = [] } = options;
  const { experiment, id } = resolution;
  emit({
    type: "experiment-started",
    experiment: id,
    name: experiment.name,
    engine: experiment.engine,
    model: experiment.model,
  });
  const prepared = await prepareExperiment(experiment, { ...options, emit, signal });
  refuseInterrupted(signal);

  const startedAt = new Date();
  const folder = await createStudyFolder(options.resultsDir, experiment.name, startedAt);
  const manifest = await openManifest(folder, { name: experiment.name, id, startedAt, command });
  emit({ type: "study-started", directory: folder, experiments: 1 });

  const paths = rawResultPaths(folder, { id, cycle: 1, rank: 0 });
  const run = await measureExperiment(prepared, { ...options, emit, signal, paths });
  const record = { resolution, prepared, startedAt, finishedAt: new Date(), command, lemVersion: lemVersion() };
  const result = buildResult({ ...record, ...run });
  await storeResult({ study: folder, paths, result, measurement: run.measurement });
  await manifest.finish(result.status);

  emit({ type: "experiment-finished", experiment: id, status: result.status });
  const completed = Number(result.status === "completed");
  emit({ type: "study-finished", directory: folder, completed, failed: 1 - completed });
  return { folder, result };
}
