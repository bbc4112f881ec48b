import type { ResolvedExperiment, ResolvedMeasurement, ResolvedWorkload } from "@lem/config";
import type { ModelArtifact } from "@lem/engines";

/** A small workload; every field can be set. */
export const workloadOf = (changes: Partial<ResolvedWorkload> = {}): ResolvedWorkload => ({
  prompts: { kind: "builtin", set: "classics" },
  n: 4,
  input_tokens: 16,
  output_tokens: 8,
  pin_output: true,
  batching: "static",
  batch_size: 2,
  max_batch_tokens: 1024,
  concurrency: 1,
  seed: 1,
  ...changes,
});

/** One experiment on the fake engine. */
export const experimentOf = (
  workload: Partial<ResolvedWorkload> = {},
  measurement: Partial<ResolvedMeasurement> = {},
): ResolvedExperiment => ({
  schema_version: 1,
  name: "test",
  engine: "llama-cpp",
  model: "fake",
  workload: workloadOf(workload),
  measurement: {
    windows: 2,
    warmup: { enabled: true, max_runs: 3, min_runs: 2, window: 2, target_cv: 100 },
    energy: { sampler: "none", trace: null, interval_ms: 500, gain_error: null },
    baseline: { seconds: 0, strategy: "fresh", max_age_s: 3600 },
    thermal: { gate: false, limit_s: 0 },
    timeouts: { load_s: 20, silence_s: 20 },
    ...measurement,
  },
  sections: { model: { gpuLayers: 0 } },
  unchecked: [],
});

/** A model with the shape of a tiny llama. */
export const tinyModel: ModelArtifact = {
  requested: "fake",
  name: "fake",
  format: "gguf",
  path: "/nowhere/fake.gguf",
  source: "builtin",
  synthetic: true,
  weights: "files",
  config: {
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 500,
    max_position_embeddings: 256,
    tie_word_embeddings: true,
    bos_token_id: 1,
    eos_token_id: [2, 7],
  },
};
