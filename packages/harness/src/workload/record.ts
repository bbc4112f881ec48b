import type { WorkloadRecord } from "@lem/domain";
import type { ResolvedExperiment } from "@lem/config";
import type { PlannedWork } from "./plan.ts";

/** The work as a result tells it: enough to repeat it, and to see whether two results did the same. */
export function workloadRecord({ workload, measurement }: ResolvedExperiment, work: PlannedWork): WorkloadRecord {
  return {
    source: work.source,
    requests: work.requests.length,
    batching: workload.batching,
    batch_size: workload.batch_size,
    concurrency: workload.concurrency,
    seed: workload.seed,
    pinned_output: workload.pin_output,
    input_ids_sha256: work.inputIdsSha256,
    windows: measurement.windows,
  };
}
