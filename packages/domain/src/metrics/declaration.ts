import type { Unit } from "../units.ts";

/** What must have been recorded before a metric can be computed; a missing need gives an `unavailable` reading. */
export const NEEDS = [
  "request-times",
  "token-times",
  "token-counts",
  "window-times",
  "process-memory",
  "device-memory",
  "energy",
  "idle-power",
  "energy-counter",
  "flops",
  "steady-load",
  "engine-steps",
  "device-utilisation",
  "scheduler-state",
  "kv-cache-state",
  "cpu-times",
] as const;
/** One need of a metric. */
export type Need = (typeof NEEDS)[number];

/** The result section a metric is stored under. */
export type MetricGroup =
  | "throughput"
  | "latency"
  | "energy"
  | "flops"
  | "memory"
  | "utilisation"
  | "cache"
  | "steady"
  | "engine_phases";

/** The tags of all metrics: field names in result files. */
export const METRIC_TAGS = [
  "output_tokens_per_second",
  "total_tokens_per_second",
  "requests_per_second",
  "ttft",
  "itl",
  "tpot",
  "e2e",
  "total_j",
  "joules_per_output_token",
  "joules_per_total_token",
  "joules_per_request",
  "output_tokens_per_joule",
  "mean_power",
  "above_idle_bare_j",
  "above_idle_loaded_j",
  "above_idle_bare_joules_per_output_token",
  "above_idle_loaded_joules_per_output_token",
  "counter_ratio",
  "instant_ratio",
  "executed_flop",
  "causal_flop",
  "flop_per_output_token",
  "flop_per_second",
  "process_peak",
  "process_mean",
  "device_peak",
  "cpu_utilisation",
  "gpu_utilisation",
  "batch_occupancy",
  "kv_cache_use",
  "steady_length",
  "steady_output_tokens_per_second",
  "steady_power",
  "steady_joules_per_output_token",
  "steady_counter_ratio",
  "prefill_time",
  "decode_time",
  "mixed_time",
  "prefill_j",
  "decode_j",
  "mixed_j",
  "prefill_joules_per_input_token",
  "decode_joules_per_output_token",
  "phase_residual",
] as const;
/** The tag of one metric. */
export type MetricTag = (typeof METRIC_TAGS)[number];

/** A metric as data: results, tables, exports and documentation are all driven by it. */
export interface MetricDeclaration {
  /** Field name in result files. */
  readonly tag: MetricTag;
  readonly title: string;
  readonly group: MetricGroup;
  readonly unit: Unit;
  /** The exact definition, in the words of the field. */
  readonly formula: string;
  readonly needs: readonly Need[];
  /** Who defines it so; peers use some of these words in other senses. */
  readonly source: string;
  readonly better: "higher" | "lower" | "neither";
  /** A distribution over requests or gaps is stored by statistic (mean, p50, ...), a scalar as one reading. */
  readonly shape: "scalar" | "distribution";
}
