import fc from "fast-check";
import type { JsonObject } from "@lem/domain";

const size = fc.integer({ min: 1, max: 6 });
const window = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });

/** Small models of every kind of plan, with and without windows. */
export const configs: fc.Arbitrary<JsonObject> = fc
  .record({
    model_type: fc.constantFrom(
      "llama",
      "mistral",
      "qwen2",
      "gemma2",
      "phi3",
      "gpt2",
      "opt",
      "falcon",
      "mixtral",
      "qwen3_moe",
    ),
    hidden: size.map((n) => 4 * n),
    layers: size,
    sliding_window: window,
    vocab_size: size,
    inner: size,
    use_sliding_window: fc.boolean(),
    max_window_layers: size,
    recompute: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ hidden, layers, inner, recompute, ...rest }) => ({
    ...rest,
    hidden_size: hidden,
    n_embd: hidden,
    num_hidden_layers: layers,
    n_layer: layers,
    num_attention_heads: 4,
    n_head: 4,
    num_key_value_heads: 2,
    intermediate_size: inner,
    n_inner: inner,
    ffn_dim: inner,
    head_dim: 8,
    original_max_position_embeddings: recompute,
  }));

export const lengths: fc.Arbitrary<{ readonly input: number; readonly output: number }> = fc.record({
  input: fc.integer({ min: 1, max: 24 }),
  output: fc.integer({ min: 1, max: 24 }),
});

/** A fixed seed: the same examples on every machine. */
export const RUNS = { seed: 20_261_122, numRuns: 300 } as const;
