import { LemError } from "@lem/domain";
import type { ConfigFields } from "../config-fields.ts";
import { attentionMaps, eachLayer, linear, plainMlp, type ModelShape } from "../shape.ts";

/** GPT-2: learned positions, multi-head attention, biases everywhere. Defaults of transformers 5.23.0. */
export function gpt2Shape(fields: ConfigFields): ModelShape {
  if (fields.flag("add_cross_attention", false))
    throw new LemError("flops.unknown-shape", "GPT-2 with cross-attention is no language model of its own", {
      place: { path: "add_cross_attention" },
    });
  const hidden = fields.count(["n_embd", "hidden_size"], 768);
  const vocabulary = fields.count("vocab_size", 50_257);
  const heads = fields.count(["n_head", "num_attention_heads"], 12);
  const attention = { heads, kvHeads: heads, headDim: Math.floor(hidden / heads), window: null };
  const inner = fields.countOrNull("n_inner") ?? 4 * hidden;
  const maps = [...attentionMaps(hidden, attention, { qkv: true, out: true }), ...plainMlp(hidden, inner, true)];
  const layers = fields.count(["n_layer", "num_hidden_layers"], 12);
  return {
    modelType: fields.modelType,
    vocabulary,
    hidden,
    embedding: hidden,
    positionParameters: fields.count(["n_positions", "max_position_embeddings"], 1024) * hidden,
    layers: eachLayer(layers, () => ({ attention, maps, experts: null, normParameters: 4 * hidden })),
    outer: [],
    head: linear(hidden, vocabulary),
    tied: fields.flag("tie_word_embeddings", true),
    finalNormParameters: 2 * hidden,
    recomputeAt: null,
  };
}
