import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@lem/domain";
import { llamaTensors, type LlamaShape, type LlamaTensor } from "./llama-shape.ts";
import { writeSafetensors, type SafeTensor } from "./safetensors.ts";
import { tinyTokenizer, tokenizerFiles } from "./tokenizer.ts";
import { float32Weights } from "./weights.ts";

/** A random llama as a Hugging Face folder. */
export interface RandomFolder {
  readonly shape: LlamaShape;
  readonly seed: number;
}

/** Writes config, float32 weights and the tiny tokenizer into a folder. @throws the file system's own errors */
export async function writeRandomFolder(folder: string, { shape, seed }: RandomFolder): Promise<void> {
  const tensors = llamaTensors(shape).map((tensor) => safeTensor(tensor, seed));
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  await writeJsonFiles(folder, {
    "config.json": llamaConfig(shape),
    "generation_config.json": { bos_token_id: 0, eos_token_id: 0, pad_token_id: 0, do_sample: false },
    ...tokenizerFiles(tinyTokenizer(), shape.context),
  });
}

/** Writes JSON files by name. @throws the file system's own errors */
export async function writeJsonFiles(folder: string, files: Readonly<Record<string, JsonObject>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
}

function safeTensor({ hf, rows, columns, fill }: LlamaTensor, seed: number): SafeTensor {
  const values = (rows ?? 1) * columns;
  const shape = rows === undefined ? [columns] : [rows, columns];
  return { name: hf, shape, data: () => float32Weights({ name: hf, values, fill, seed }) };
}

function llamaConfig(shape: LlamaShape): JsonObject {
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headDim,
    intermediate_size: shape.intermediate,
    vocab_size: shape.vocabulary,
    max_position_embeddings: shape.context,
    rope_theta: shape.ropeTheta,
    rms_norm_eps: shape.epsilon,
    hidden_act: "silu",
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: shape.tied,
    bos_token_id: 0,
    eos_token_id: 0,
    pad_token_id: 0,
    torch_dtype: "float32",
  };
}
