import type { Resolution } from "@lem/config";
import {
  RESULT_SCHEMA_VERSION,
  type ConfigGap,
  type ConfigRecord,
  type CorpusRecord,
  type EnvironmentSnapshot,
  type ExperimentResult,
  type FailureRecord,
  type JsonObject,
  type KeptLoaded,
  type ModelRecord,
  type PhaseRecord,
} from "@lem/domain";
import {
  checkQuality,
  missingReadings,
  readingsOf,
  workloadRecord,
  type Measurement,
  type ReadingSections,
} from "@lem/harness";
import type { PreparedExperiment } from "./prepare.ts";

/** How the experiment went: measured, or failed with what was recorded until then. */
export interface ExperimentRun {
  readonly resolution: Resolution;
  readonly prepared: PreparedExperiment;
  readonly measurement: Measurement | null;
  readonly failure: FailureRecord | null;
  readonly phases: readonly PhaseRecord[];
  readonly environment: EnvironmentSnapshot;
  readonly configGaps: readonly ConfigGap[];
  readonly keptLoaded: KeptLoaded | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly command: readonly string[];
  readonly lemVersion: string;
}

const statusOf = (failure: FailureRecord | null): ExperimentResult["status"] => {
  if (failure === null) return "completed";
  return failure.code === "run.interrupted" ? "interrupted" : "failed";
};

/** Builds `result.json`; every section is there, whatever happened. */
export function buildResult(run: ExperimentRun): ExperimentResult {
  const { resolution, prepared, measurement, failure } = run;
  const result: Omit<ExperimentResult, "quality"> = {
    schema_version: RESULT_SCHEMA_VERSION,
    lem_version: run.lemVersion,
    experiment_id: resolution.id,
    name: resolution.experiment.name,
    status: statusOf(failure),
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt.toISOString(),
    command: run.command,
    engine: {
      name: prepared.adapter.id,
      version: measurement?.hello.engine_version ?? prepared.engine.version,
      ...(measurement !== null && { devices: measurement.load.devices }),
      ...(run.keptLoaded !== null && { kept_loaded: run.keptLoaded }),
    },
    model: modelRecord(prepared, measurement),
    config: configRecord(resolution, prepared.engine.version, measurement),
    environment: run.environment,
    workload: measurement === null ? null : workloadRecord(resolution.experiment, measurement.work),
    ...sectionsOf(run),
    warmup: measurement?.warmup ?? null,
    phases: run.phases,
    windows: measurement?.windows.map((window) => window.record) ?? [],
    gaps: [...(measurement?.gaps ?? []), ...run.configGaps],
    failure,
  };
  return { ...result, quality: checkQuality({ result, measurement, model: prepared.model }) };
}

function sectionsOf({ measurement, prepared, failure }: ExperimentRun): ReadingSections {
  if (measurement === null) return missingReadings(failure?.message ?? "nothing was measured");
  return readingsOf(measurement, prepared.model.config);
}

function modelRecord({ model }: PreparedExperiment, measurement: Measurement | null): ModelRecord {
  const seen = measurement?.load.model;
  return {
    requested: model.requested,
    name: model.name,
    format: model.format,
    path: model.path,
    source: model.source,
    ...(model.revision === undefined ? {} : { revision: model.revision }),
    ...(model.sha256 === undefined ? {} : { sha256: model.sha256 }),
    synthetic: model.synthetic,
    ...(seen?.architecture == null ? {} : { architecture: seen.architecture }),
    ...(seen?.parameters == null ? {} : { parameters: seen.parameters }),
    ...(seen?.dtype == null ? {} : { dtype: seen.dtype }),
    ...(seen?.context_length == null ? {} : { context_length: seen.context_length }),
  };
}

function configRecord(
  { experiment, written, provenance, corpus }: Resolution,
  engineVersion: string,
  measurement: Measurement | null,
): ConfigRecord {
  return {
    written,
    resolved: experiment as unknown as JsonObject,
    effective: measurement?.load.effective ?? {},
    provenance,
    unchecked: experiment.unchecked,
    corpus: { ...ofVersion(corpus, engineVersion), rules: ofVersion(corpus.rules, engineVersion) },
  };
}

/** Exact for the engine that ran, whichever version the check had in mind. */
const ofVersion = ({ status, version }: CorpusRecord, ran: string): CorpusRecord => ({
  status: status === "exact" && version !== ran ? "other-version" : status,
  ...(version === undefined ? {} : { version }),
});
