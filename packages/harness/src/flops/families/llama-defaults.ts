import type { BiasRule, LlamaLikeDefaults } from "./llama-like.ts";

const key = (name: string, fallback = false): BiasRule => ({ key: name, fallback });

const LLAMA: LlamaLikeDefaults = {
  vocabulary: 32_000,
  hidden: 4096,
  inner: 11_008,
  layers: 32,
  heads: 32,
  kvHeads: null,
  headDim: null,
  tied: false,
  qkvBias: key("attention_bias"),
  outBias: key("attention_bias"),
  mlpBias: key("mlp_bias"),
  norms: 2,
  headNorms: false,
  windows: { kind: "none" },
};

const NO_BIAS = { qkvBias: false, outBias: false, mlpBias: false } as const;
const ATTENTION_BIAS = { qkvBias: key("attention_bias"), outBias: key("attention_bias"), mlpBias: false } as const;
const FROM_MAX_WINDOW_LAYERS = { kind: "from-max-window-layers", window: 4096, from: 28 } as const;

const MISTRAL: LlamaLikeDefaults = {
  ...LLAMA,
  ...NO_BIAS,
  inner: 14_336,
  kvHeads: 8,
  windows: { kind: "all", window: 4096 },
};

const QWEN2: LlamaLikeDefaults = {
  ...LLAMA,
  ...NO_BIAS,
  qkvBias: true,
  vocabulary: 151_936,
  inner: 22_016,
  kvHeads: 32,
  windows: FROM_MAX_WINDOW_LAYERS,
};

const QWEN3: LlamaLikeDefaults = { ...QWEN2, ...ATTENTION_BIAS, headDim: 128, headNorms: true };

const GEMMA: LlamaLikeDefaults = {
  ...LLAMA,
  ...ATTENTION_BIAS,
  vocabulary: 256_000,
  hidden: 3072,
  inner: 24_576,
  layers: 28,
  heads: 16,
  kvHeads: 16,
  headDim: 256,
  tied: true,
};

const GEMMA2: LlamaLikeDefaults = {
  ...GEMMA,
  hidden: 2304,
  inner: 9216,
  layers: 26,
  heads: 8,
  kvHeads: 4,
  norms: 4,
  windows: { kind: "all-but-every", window: 4096, every: 2 },
};

/** transformers saves under its common name what the published files call `num_experts`. */
const EXPERT_COUNT = ["num_local_experts", "num_experts"] as const;

/** The families of Llama's plan, by `model_type`. */
export const LLAMA_LIKE: Readonly<Record<string, LlamaLikeDefaults>> = {
  llama: LLAMA,
  mistral: MISTRAL,
  qwen2: QWEN2,
  qwen3: QWEN3,
  gemma: GEMMA,
  gemma2: GEMMA2,
  gemma3_text: {
    ...GEMMA2,
    vocabulary: 262_208,
    headNorms: true,
    windows: { kind: "all-but-every", window: 4096, every: 6 },
  },
  phi3: {
    ...LLAMA,
    ...NO_BIAS,
    vocabulary: 32_064,
    hidden: 3072,
    inner: 8192,
    windows: { kind: "all", window: null },
    recomputeKey: { key: "original_max_position_embeddings", fallback: 4096 },
  },
  granite: LLAMA,
  mixtral: {
    ...MISTRAL,
    windows: { kind: "all", window: null },
    experts: { countKeys: EXPERT_COUNT, count: 8, active: 2, denseLayers: false },
  },
  qwen2_moe: {
    ...QWEN2,
    qkvBias: key("qkv_bias", true),
    hidden: 2048,
    inner: 5632,
    layers: 24,
    heads: 16,
    kvHeads: 16,
    windows: { kind: "even-before-max-window-layers", window: 4096, before: 28 },
    experts: {
      countKeys: EXPERT_COUNT,
      denseLayers: true,
      count: 60,
      active: 4,
      inner: { key: "moe_intermediate_size", fallback: 1408 },
      sharedInner: 5632,
    },
  },
  qwen3_moe: {
    ...QWEN3,
    hidden: 2048,
    inner: 6144,
    layers: 24,
    kvHeads: 4,
    headDim: null,
    windows: { kind: "all-if-used", window: 4096 },
    experts: {
      countKeys: EXPERT_COUNT,
      denseLayers: true,
      count: 128,
      active: 8,
      inner: { key: "moe_intermediate_size", fallback: 768 },
    },
  },
};
