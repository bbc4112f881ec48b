import type { ExperimentResult } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { rawEnergyOf, type Measurement } from "@lem/harness";
import type { RawResultPaths } from "./layout.ts";
import { writeRequestsParquet } from "./requests-parquet.ts";
import { writeSamplesParquet } from "./samples-parquet.ts";
import { writeStepsParquet } from "./steps-parquet.ts";

/** What is stored of one raw result. */
export interface StoredRun {
  readonly paths: RawResultPaths;
  readonly result: ExperimentResult;
  readonly measurement: Measurement | null;
}

/**
 * Stores the raw streams first and the result last, so that a result never points at missing files.
 * @throws LemError `io.disk-full`, `io.permission`
 */
export async function storeResult({ paths, result, measurement }: StoredRun): Promise<void> {
  if (measurement !== null && measurement.windows.length > 0) {
    const timelines = measurement.windows.flatMap((window) => window.timelines);
    const { requests } = measurement.work;
    await writeRequestsParquet(paths.requests, { timelines, inputIds: (request) => requests[request]?.tokens ?? [] });
    const steps = measurement.windows.flatMap(({ record, steps: own }) =>
      own === null ? [] : [{ window: record.window, steps: own }],
    );
    if (steps.length > 0) await writeStepsParquet(paths.steps, steps);
    const { samples } = measurement;
    if (samples.length > 0) await writeSamplesParquet(paths.samples, { raw: rawEnergyOf(measurement), samples });
  }
  await writeFileAtomic(paths.result, `${JSON.stringify(result, null, 2)}\n`);
}
