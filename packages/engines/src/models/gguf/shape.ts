import type { JsonObject, JsonValue } from "@lem/domain";
import { LemError } from "@lem/domain";
import type { GgufHeader } from "./read.ts";

/** Reads metadata of one architecture by the part of the key behind its name. */
class Facts {
  readonly architecture: string;
  readonly #header: GgufHeader;
  readonly #names: ReadonlySet<string>;

  constructor(header: GgufHeader, path: string) {
    const architecture = header.metadata.get("general.architecture");
    if (typeof architecture !== "string") {
      throw new LemError("model.corrupt", `${path}: the GGUF header names no architecture`, { place: { file: path } });
    }
    this.architecture = architecture;
    this.#header = header;
    this.#names = new Set(header.tensors.map((tensor) => tensor.name));
  }

  /** A number of this architecture; the first of a per-layer list. */
  number(key: string): number | undefined {
    const value = this.#header.metadata.get(`${this.architecture}.${key}`);
    const first = typeof value === "object" ? value.numbers[0] : value;
    return typeof first === "number" ? first : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#header.metadata.get(`${this.architecture}.${key}`);
    return typeof value === "boolean" ? value : undefined;
  }

  token(key: string): number | undefined {
    const value = this.#header.metadata.get(`tokenizer.ggml.${key}_token_id`);
    return typeof value === "number" ? value : undefined;
  }

  has(tensor: string): boolean {
    return this.#names.has(tensor);
  }

  get vocabulary(): number | undefined {
    const tokens = this.#header.metadata.get("tokenizer.ggml.tokens");
    const listed = typeof tokens === "object" ? tokens.length : undefined;
    return this.#header.tensors.find((tensor) => tensor.name === "token_embd.weight")?.dims[1] ?? listed;
  }
}

type Written = Readonly<Record<string, JsonValue | undefined>>;

const NAMES: Readonly<Record<string, readonly [modelType: string, architecture: string]>> = {
  llama: ["llama", "LlamaForCausalLM"],
  qwen2: ["qwen2", "Qwen2ForCausalLM"],
  qwen3: ["qwen3", "Qwen3ForCausalLM"],
  gemma2: ["gemma2", "Gemma2ForCausalLM"],
  phi3: ["phi3", "Phi3ForCausalLM"],
  gpt2: ["gpt2", "GPT2LMHeadModel"],
  gptneox: ["gpt_neox", "GPTNeoXForCausalLM"],
  falcon: ["falcon", "FalconForCausalLM"],
};

const OWN_KEYS: Readonly<Record<string, (facts: Facts) => Written>> = {
  llama: llamaKeys,
  qwen2: gatedKeys,
  qwen3: gatedKeys,
  gemma2: gemma2Keys,
  phi3: gatedKeys,
  gpt2: gpt2Keys,
  gptneox: gptNeoxKeys,
  falcon: falconKeys,
};

/**
 * Says a GGUF model's shape in the words of a Hugging Face config.json. Known architectures get their own names and
 * keys; others get the keys that every architecture shares, with the GGUF name as `model_type` and no `architectures`.
 * @throws LemError `model.corrupt` when the header lacks width, depth or heads
 */
export function configOfGguf(header: GgufHeader, path: string): JsonObject {
  const facts = new Facts(header, path);
  const own = OWN_KEYS[facts.architecture] ?? gatedKeys;
  for (const key of ["embedding_length", "block_count", "attention.head_count"]) {
    if (facts.number(key) !== undefined) continue;
    const missing = `${facts.architecture}.${key}`;
    throw new LemError("model.corrupt", `${path}: the GGUF header lacks ${missing}`, { place: { file: path } });
  }
  return present({ ...nameKeys(facts), ...commonKeys(facts), ...own(facts) });
}

const present = (keys: Written): JsonObject =>
  Object.fromEntries(Object.entries(keys).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));

function nameKeys(facts: Facts): Written {
  const known = NAMES[facts.architecture];
  return known === undefined ? { model_type: facts.architecture } : { model_type: known[0], architectures: [known[1]] };
}

function commonKeys(facts: Facts): Written {
  return {
    vocab_size: facts.vocabulary,
    tie_word_embeddings: !facts.has("output.weight"),
    bos_token_id: facts.token("bos"),
    eos_token_id: facts.token("eos"),
  };
}

function attentionKeys(facts: Facts): Written {
  const heads = facts.number("attention.head_count") ?? 1;
  const width = facts.number("embedding_length") ?? 0;
  return {
    hidden_size: width,
    num_hidden_layers: facts.number("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: facts.number("attention.head_count_kv") ?? heads,
    head_dim: facts.number("attention.key_length") ?? width / heads,
    max_position_embeddings: facts.number("context_length"),
  };
}

/** Decoders with RMS norm, rotary positions and a gated MLP. */
function gatedKeys(facts: Facts): Written {
  return {
    ...attentionKeys(facts),
    intermediate_size: facts.number("feed_forward_length"),
    hidden_act: "silu",
    rms_norm_eps: facts.number("attention.layer_norm_rms_epsilon"),
    rope_theta: facts.number("rope.freq_base"),
    sliding_window: facts.number("attention.sliding_window") ?? null,
    attention_bias: facts.has("blk.0.attn_q.bias"),
    num_local_experts: facts.number("expert_count"),
    num_experts_per_tok: facts.number("expert_used_count"),
  };
}

/** GGUF calls Mistral and Mixtral `llama` too: a window tells the one, experts the other. */
function llamaKeys(facts: Facts): Written {
  const keys = gatedKeys(facts);
  if ((facts.number("expert_count") ?? 0) > 0) {
    return { ...keys, model_type: "mixtral", architectures: ["MixtralForCausalLM"] };
  }
  if (keys["sliding_window"] === null) return keys;
  return { ...keys, model_type: "mistral", architectures: ["MistralForCausalLM"] };
}

/** Every other layer of Gemma 2 sees a window, beginning with the first. */
function gemma2Keys(facts: Facts): Written {
  const layers = facts.number("block_count") ?? 0;
  return {
    ...gatedKeys(facts),
    hidden_act: undefined,
    hidden_activation: "gelu_pytorch_tanh",
    layer_types: Array.from({ length: layers }, (_, i) => (i % 2 === 0 ? "sliding_attention" : "full_attention")),
    attn_logit_softcapping: facts.number("attn_logit_softcapping"),
    final_logit_softcapping: facts.number("final_logit_softcapping"),
  };
}

function gpt2Keys(facts: Facts): Written {
  return {
    n_embd: facts.number("embedding_length"),
    n_layer: facts.number("block_count"),
    n_head: facts.number("attention.head_count"),
    n_positions: facts.number("context_length"),
    n_inner: facts.number("feed_forward_length"),
    activation_function: "gelu_new",
    layer_norm_epsilon: facts.number("attention.layer_norm_epsilon"),
  };
}

function gptNeoxKeys(facts: Facts): Written {
  return {
    ...attentionKeys(facts),
    intermediate_size: facts.number("feed_forward_length"),
    hidden_act: "gelu",
    layer_norm_eps: facts.number("attention.layer_norm_epsilon"),
    use_parallel_residual: facts.flag("use_parallel_residual") ?? true,
    attention_bias: facts.has("blk.0.attn_qkv.bias"),
  };
}

/** A second norm in the block marks Falcon's newer decoder; the older has one key-value head or as many as heads. */
function falconKeys(facts: Facts): Written {
  const keys = attentionKeys(facts);
  return {
    ...keys,
    num_key_value_heads: undefined,
    num_kv_heads: keys["num_key_value_heads"],
    multi_query: keys["num_key_value_heads"] === 1,
    new_decoder_architecture: facts.has("blk.0.attn_norm_2.weight"),
    parallel_attn: true,
    bias: facts.has("blk.0.attn_qkv.bias"),
    alibi: false,
    ffn_hidden_size: facts.number("feed_forward_length"),
    layer_norm_epsilon: facts.number("attention.layer_norm_epsilon"),
  };
}
