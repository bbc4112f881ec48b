import type { ConfigFields } from "../config-fields.ts";
import { attentionMaps, eachLayer, linear, plainMlp, type ModelShape } from "../shape.ts";

/** GPT-NeoX and Pythia: rotary positions, multi-head attention, LayerNorm with bias. Defaults of transformers 5.23.0. */
export function gptNeoxShape(fields: ConfigFields): ModelShape {
  const hidden = fields.count("hidden_size", 6144);
  const vocabulary = fields.count("vocab_size", 50_432);
  const heads = fields.count("num_attention_heads", 64);
  const attention = { heads, kvHeads: heads, headDim: Math.floor(hidden / heads), window: null };
  const bias = fields.flag("attention_bias", true);
  const inner = fields.count("intermediate_size", 24_576);
  const maps = [...attentionMaps(hidden, attention, { qkv: bias, out: bias }), ...plainMlp(hidden, inner, true)];
  return {
    modelType: fields.modelType,
    vocabulary,
    hidden,
    embedding: hidden,
    positionParameters: 0,
    layers: eachLayer(fields.count("num_hidden_layers", 44), () => ({
      attention,
      maps,
      experts: null,
      normParameters: 4 * hidden,
    })),
    outer: [],
    head: linear(hidden, vocabulary),
    tied: fields.flag("tie_word_embeddings", false),
    finalNormParameters: 2 * hidden,
    recomputeAt: null,
  };
}
