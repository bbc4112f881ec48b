import { LemError, type JsonObject } from "@lem/domain";
import type { Fill } from "./weights.ts";

/** Families that share llama's layout and differ in biases and norms. */
export type LlamaFamily = "llama" | "mistral" | "qwen2" | "qwen3";

/** The numbers that make a llama-like decoder. */
export interface LlamaShape {
  readonly family: LlamaFamily;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly ropeTheta: number;
  readonly epsilon: number;
  readonly slidingWindow: number | null;
  readonly tied: boolean;
}

/** One tensor of a llama-like model with its names in both formats. */
export interface LlamaTensor {
  /** Name in a Hugging Face checkpoint. */
  readonly hf: string;
  readonly gguf: string;
  /** Absent for vectors. */
  readonly rows?: number;
  readonly columns: number;
  readonly fill: Fill;
  /** Heads of a rotary projection: GGUF keeps the two halves of each head interleaved for the llama family. */
  readonly rotaryHeads?: number;
}

const FAMILIES: readonly string[] = ["llama", "mistral", "qwen2", "qwen3"] satisfies LlamaFamily[];

/** Reads the shape of a llama-like model; undefined for other architectures. @throws LemError `model.corrupt` */
export function llamaShapeOf(config: JsonObject, path: string): LlamaShape | undefined {
  const family = config["model_type"];
  if (typeof family !== "string" || !FAMILIES.includes(family)) return undefined;
  const heads = whole(config, "num_attention_heads", path);
  const hidden = whole(config, "hidden_size", path);
  const slidingWindow = config["use_sliding_window"] === false ? undefined : optional(config, "sliding_window");
  return {
    family: family as LlamaFamily,
    hidden,
    heads,
    layers: whole(config, "num_hidden_layers", path),
    keyValueHeads: optional(config, "num_key_value_heads") ?? heads,
    headDim: optional(config, "head_dim") ?? hidden / heads,
    intermediate: whole(config, "intermediate_size", path),
    vocabulary: whole(config, "vocab_size", path),
    context: whole(config, "max_position_embeddings", path),
    ropeTheta: ropeTheta(config),
    epsilon: optional(config, "rms_norm_eps") ?? 1e-6,
    slidingWindow: slidingWindow ?? null,
    tied: config["tie_word_embeddings"] === true,
  };
}

/** All tensors, in the order of a forward pass. */
export function llamaTensors(shape: LlamaShape): readonly LlamaTensor[] {
  const { hidden, vocabulary } = shape;
  const output: LlamaTensor = matrix("lm_head.weight", "output.weight", vocabulary, hidden);
  return [
    { ...matrix("model.embed_tokens.weight", "token_embd.weight", vocabulary, hidden), fill: "wide" },
    ...Array.from({ length: shape.layers }, (_, layer) => layerTensors(shape, layer)).flat(),
    vector("model.norm.weight", "output_norm.weight", hidden, "ones"),
    ...(shape.tied ? [] : [output]),
  ];
}

function layerTensors(shape: LlamaShape, layer: number): LlamaTensor[] {
  const { hidden, intermediate, heads, keyValueHeads, headDim } = shape;
  const hf = (name: string): string => `model.layers.${layer}.${name}`;
  const gguf = (name: string): string => `blk.${layer}.${name}`;
  const interleaved = shape.family === "llama" || shape.family === "mistral";
  const rotary = (count: number): { rotaryHeads?: number } => (interleaved ? { rotaryHeads: count } : {});
  const attention = [
    { ...matrix(hf("self_attn.q_proj.weight"), gguf("attn_q.weight"), heads * headDim, hidden), ...rotary(heads) },
    {
      ...matrix(hf("self_attn.k_proj.weight"), gguf("attn_k.weight"), keyValueHeads * headDim, hidden),
      ...rotary(keyValueHeads),
    },
    matrix(hf("self_attn.v_proj.weight"), gguf("attn_v.weight"), keyValueHeads * headDim, hidden),
    matrix(hf("self_attn.o_proj.weight"), gguf("attn_output.weight"), hidden, heads * headDim),
  ];
  return [
    vector(hf("input_layernorm.weight"), gguf("attn_norm.weight"), hidden, "ones"),
    ...attention,
    ...familyTensors(shape, hf, gguf),
    vector(hf("post_attention_layernorm.weight"), gguf("ffn_norm.weight"), hidden, "ones"),
    matrix(hf("mlp.gate_proj.weight"), gguf("ffn_gate.weight"), intermediate, hidden),
    matrix(hf("mlp.up_proj.weight"), gguf("ffn_up.weight"), intermediate, hidden),
    matrix(hf("mlp.down_proj.weight"), gguf("ffn_down.weight"), hidden, intermediate),
  ];
}

type Naming = (name: string) => string;

function familyTensors(shape: LlamaShape, hf: Naming, gguf: Naming): LlamaTensor[] {
  const { family, heads, keyValueHeads, headDim } = shape;
  if (family === "qwen2") {
    return [
      vector(hf("self_attn.q_proj.bias"), gguf("attn_q.bias"), heads * headDim, "zeros"),
      vector(hf("self_attn.k_proj.bias"), gguf("attn_k.bias"), keyValueHeads * headDim, "zeros"),
      vector(hf("self_attn.v_proj.bias"), gguf("attn_v.bias"), keyValueHeads * headDim, "zeros"),
    ];
  }
  if (family !== "qwen3") return [];
  return [
    vector(hf("self_attn.q_norm.weight"), gguf("attn_q_norm.weight"), headDim, "ones"),
    vector(hf("self_attn.k_norm.weight"), gguf("attn_k_norm.weight"), headDim, "ones"),
  ];
}

const matrix = (hf: string, gguf: string, rows: number, columns: number): LlamaTensor => ({
  hf,
  gguf,
  rows,
  columns,
  fill: "small",
});

const vector = (hf: string, gguf: string, columns: number, fill: Fill): LlamaTensor => ({ hf, gguf, columns, fill });

function optional(config: JsonObject, key: string): number | undefined {
  const value = config[key];
  return typeof value === "number" ? value : undefined;
}

function whole(config: JsonObject, key: string, path: string): number {
  const value = optional(config, key);
  if (value !== undefined && Number.isInteger(value) && value > 0) return value;
  const said = value === undefined ? "is missing" : `is ${value}`;
  throw new LemError("model.corrupt", `${path}: ${key} ${said}, where a whole number above 0 is needed`, {
    hint: "a config.json as published with the model says its shape",
    place: { file: path, path: key },
  });
}

/** transformers 5 writes `rope_parameters`, older versions `rope_theta` beside the rest. */
function ropeTheta(config: JsonObject): number {
  const nested = config["rope_parameters"];
  const inside = typeof nested === "object" && nested !== null && !Array.isArray(nested) ? (nested as JsonObject) : {};
  return optional(inside, "rope_theta") ?? optional(config, "rope_theta") ?? 10_000;
}
