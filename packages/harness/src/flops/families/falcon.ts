import type { ConfigFields } from "../config-fields.ts";
import { attentionMaps, eachLayer, linear, plainMlp, type AttentionShape, type ModelShape } from "../shape.ts";

/** Falcon in its three plans: multi-head, multi-query, and the newer grouped one. Defaults of transformers 5.23.0. */
export function falconShape(fields: ConfigFields): ModelShape {
  const hidden = fields.count(["n_embed", "hidden_size"], 4544);
  const vocabulary = fields.count("vocab_size", 65_024);
  const bias = fields.flag("bias", false);
  const grouped = fields.flag("new_decoder_architecture", false);
  const attention = falconAttention(fields, hidden, grouped);
  const inner = fields.countOrNull("ffn_hidden_size") ?? 4 * hidden;
  const maps = [...attentionMaps(hidden, attention, { qkv: bias, out: bias }), ...plainMlp(hidden, inner, bias)];
  const normParameters = layerNorms(fields, grouped) * 2 * hidden;
  return {
    modelType: fields.modelType,
    vocabulary,
    hidden,
    embedding: hidden,
    positionParameters: 0,
    layers: eachLayer(fields.count("num_hidden_layers", 32), () => ({
      attention,
      maps,
      experts: null,
      normParameters,
    })),
    outer: [],
    head: linear(hidden, vocabulary),
    tied: fields.flag("tie_word_embeddings", true),
    finalNormParameters: 2 * hidden,
    recomputeAt: null,
  };
}

function falconAttention(fields: ConfigFields, hidden: number, grouped: boolean): AttentionShape {
  const heads = fields.count("num_attention_heads", 71);
  const written = fields.countOrNull("num_kv_heads") ?? heads;
  const single = fields.flag("multi_query", true) ? 1 : heads;
  return { heads, kvHeads: grouped ? written : single, headDim: Math.floor(hidden / heads), window: null };
}

/** One norm in a parallel layer, two where attention and feed-forward follow or have their own. */
function layerNorms(fields: ConfigFields, grouped: boolean): 1 | 2 {
  if (!fields.flag("parallel_attn", true)) return 2;
  const written = fields.countOrNull("num_ln_in_parallel_attn");
  return (written ?? (grouped ? 2 : 1)) === 2 ? 2 : 1;
}
