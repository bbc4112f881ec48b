import type { ConfigFields } from "../config-fields.ts";
import { attentionMaps, eachLayer, linear, plainMlp, type ModelShape } from "../shape.ts";

/** Rows that OPT's table of positions has beyond `max_position_embeddings`. */
const POSITION_OFFSET = 2;

/** OPT: learned positions, and a narrower embedding in some sizes. Defaults of transformers 5.23.0. */
export function optShape(fields: ConfigFields): ModelShape {
  const hidden = fields.count("hidden_size", 768);
  const embedding = fields.countOrNull("word_embed_proj_dim") ?? hidden;
  const vocabulary = fields.count("vocab_size", 50_272);
  const heads = fields.count("num_attention_heads", 12);
  const attention = { heads, kvHeads: heads, headDim: Math.floor(hidden / heads), window: null };
  const bias = fields.flag("enable_bias", true);
  const inner = fields.count("ffn_dim", 3072);
  const maps = [...attentionMaps(hidden, attention, { qkv: bias, out: bias }), ...plainMlp(hidden, inner, bias)];
  const norm = fields.flag("layer_norm_elementwise_affine", true) ? 2 * hidden : 0;
  const finalNorm = fields.flag("do_layer_norm_before", true) && !fields.flag("_remove_final_layer_norm", false);
  return {
    modelType: fields.modelType,
    vocabulary,
    hidden,
    embedding,
    positionParameters: (fields.count("max_position_embeddings", 2048) + POSITION_OFFSET) * hidden,
    layers: eachLayer(fields.count("num_hidden_layers", 12), () => ({
      attention,
      maps,
      experts: null,
      normParameters: 2 * norm,
    })),
    outer: embedding === hidden ? [] : [linear(embedding, hidden), linear(hidden, embedding)],
    head: linear(embedding, vocabulary),
    tied: fields.flag("tie_word_embeddings", true),
    finalNormParameters: finalNorm ? norm : 0,
    recomputeAt: null,
  };
}
