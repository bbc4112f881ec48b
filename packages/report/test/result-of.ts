import {
  measured,
  unavailable,
  type ExperimentResult,
  type Reading,
  type UnavailableReading,
  type Unit,
} from "@lem/domain";

/** A measured reading of four samples. */
export const reading = (value: number, unit: Unit, source = "clock"): Reading =>
  measured({ value, unit, source, n: 4 });
/** A reading that does not exist. */
export const none: UnavailableReading = unavailable("too-few-samples", "too few");
const spread = { mean: reading(21, "ms"), sd: none, min: none, max: none, p50: none, p90: none, p95: none, p99: none };

/** A sound result with figures that no other text holds. */
export function resultOf(changes: Partial<ExperimentResult> = {}): ExperimentResult {
  return {
    schema_version: 1,
    lem_version: "0",
    experiment_id: "0",
    name: "test",
    status: "completed",
    started_at: "",
    finished_at: "",
    command: [],
    engine: { name: "llama-cpp", version: "3" },
    model: { requested: "m", name: "m", format: "gguf", path: "/m", source: "file", synthetic: false },
    config: { written: {}, resolved: {}, effective: {}, provenance: {}, unchecked: [], corpus: { status: "exact" } },
    environment: { taken_at: "", facts: {} as ExperimentResult["environment"]["facts"] },
    workload: {
      source: "builtin",
      requests: 4,
      batching: "static",
      batch_size: 8,
      concurrency: 2,
      seed: 1,
      pinned_output: true,
      input_ids_sha256: "",
      windows: 1,
    },
    tokens: { input: 42, output: 32 },
    throughput: {
      output_tokens_per_second: reading(1234, "token/s"),
      total_tokens_per_second: reading(2345, "token/s"),
      requests_per_second: reading(3, "request/s"),
    },
    latency: { ttft: spread, itl: spread, tpot: { ...spread, mean: reading(17, "ms") }, e2e: spread },
    energy: { total_j: none },
    flops: {},
    flops_method: null,
    memory: {},
    utilisation: {},
    cache: {},
    warmup: null,
    baseline: {},
    phases: [],
    windows: [{ window: 1, origin_ns: 0, length_s: 9, input_tokens: 42, output_tokens: 32, completed: 4, cpu_s: null }],
    thermal: {},
    gaps: [],
    quality: { verdict: "valid", findings: [] },
    failure: null,
    ...changes,
  };
}
