/** Names of the predecessor's fields with their places today; what is not here keeps its name. */
export const FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    campaign_name: "name",
    study_name: "name",
    version: "schema_version",
    backend: "engine",
    "model.name": "model",
    model_name: "model",
    "task.model": "model",
    sampling_preset: "preset",
    max_input_tokens: "workload.input_tokens",
    "task.max_input_tokens": "workload.input_tokens",
    max_output_tokens: "workload.output_tokens",
    "task.max_output_tokens": "workload.output_tokens",
    random_seed: "workload.seed",
    "task.random_seed": "workload.seed",
    num_prompts: "workload.n",
    n_prompts: "workload.n",
    "task.dataset.n_prompts": "workload.n",
    "dataset.n_prompts": "workload.n",
    "batching.batch_size": "workload.batch_size",
    batch_size: "workload.batch_size",
    "measurement.warmup.n_warmup": "measurement.warmup.min_runs",
    "measurement.warmup.cv_threshold": "measurement.warmup.target_cv",
    "measurement.baseline.duration_seconds": "measurement.baseline.seconds",
    "measurement.baseline.cache_ttl_seconds": "measurement.baseline.max_age_s",
  }),
);

/** Fields that named the precision for whatever engine ran. */
export const PRECISION_FIELDS: ReadonlySet<string> = new Set(["model.fp_precision", "fp_precision"]);

/** Its names, and torch's. */
export const PRECISIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({ fp16: "float16", bf16: "bfloat16", fp32: "float32" }),
);

const sectionOf = (
  engine: string,
  section: string,
  fields: readonly string[],
): readonly (readonly [string, string])[] =>
  fields.map((field) => [`${engine}.${field}`, `${engine}.${section}.${field}`] as const);

/** Parameters that stood beside the sections of an engine. */
export const ENGINE_FIELDS: ReadonlyMap<string, string> = new Map([
  ...["transformers", "vllm", "tensorrt-llm"].map((engine) => [`${engine}.batch_size`, "workload.batch_size"] as const),
  ...sectionOf("transformers", "load", ["dtype", "attn_implementation", "device_map", "tp_plan"]),
  ...sectionOf("transformers", "generation", [
    "num_beams",
    "use_cache",
    "cache_implementation",
    "early_stopping",
    "length_penalty",
    "no_repeat_ngram_size",
    "prompt_lookup_num_tokens",
  ]),
  ...sectionOf("vllm", "engine", ["dtype"]),
  ...sectionOf("tensorrt-llm", "engine", [
    "dtype",
    "max_batch_size",
    "tensor_parallel_size",
    "max_input_len",
    "max_seq_len",
    "backend",
  ]),
]);

/** The predecessor's `study_execution`. */
export const EXECUTION_FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    n_cycles: "execution.cycles",
    experiment_order: "execution.order",
    shuffle_seed: "execution.seed",
    experiment_gap_seconds: "execution.gap.experiment_s",
    cycle_gap_seconds: "execution.gap.cycle_s",
    max_consecutive_failures: "execution.breaker.failures",
    circuit_breaker_cooldown_seconds: "execution.breaker.cooldown_s",
    wall_clock_timeout_hours: "execution.budget.hours",
    experiment_timeout_seconds: "execution.timeout",
    stdout_silence_timeout_seconds: "measurement.timeouts.silence_s",
  }),
);

/** Its orders. */
export const RUN_ORDERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ interleave: "interleaved", shuffle: "shuffled", latin_square: "latin-square" }),
);
