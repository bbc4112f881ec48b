import {
  attentionMaps,
  eachLayer,
  gatedMlp,
  linear,
  type AttentionShape,
  type LayerShape,
  type ModelShape,
} from "../shape.ts";
import type { ConfigFields } from "../config-fields.ts";
import { layerWindows, type WindowRule } from "../windows.ts";
import { expertsOf, type ExpertsRule } from "./experts.ts";

/**
 * What sets one family of Llama's plan (RMSNorm, rotary positions, gated feed-forward) apart: the defaults of its
 * config class for keys that config.json leaves out, and which maps have a bias. Read from transformers 5.23.0.
 */
export interface LlamaLikeDefaults {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  /** `null`: as many as `heads`. */
  readonly kvHeads: number | null;
  /** `null`: hidden / heads. */
  readonly headDim: number | null;
  readonly tied: boolean;
  /** Bias of q, k and v: fixed, or the key that says so with its default. */
  readonly qkvBias: BiasRule;
  readonly outBias: BiasRule;
  readonly mlpBias: BiasRule;
  /** Norms of width `hidden` in a layer. */
  readonly norms: 2 | 4;
  /** Queries and keys are normalised per head. */
  readonly headNorms: boolean;
  readonly windows: WindowRule;
  readonly experts?: ExpertsRule;
  /** The length at which Phi-3 runs everything again, minus one, and its default. */
  readonly recomputeKey?: { readonly key: string; readonly fallback: number };
}

/** A fixed answer, or a key of config.json with its default. */
export type BiasRule = boolean | { readonly key: string; readonly fallback: boolean };

/** Reads the shape of a model that follows Llama's plan. */
export function llamaLikeShape(fields: ConfigFields, defaults: LlamaLikeDefaults): ModelShape {
  const hidden = fields.count("hidden_size", defaults.hidden);
  const vocabulary = fields.count("vocab_size", defaults.vocabulary);
  const count = fields.count("num_hidden_layers", defaults.layers);
  const windows = layerWindows(fields, count, defaults.windows);
  const attention = attentionOf(fields, hidden, defaults);
  const layer = layerMaker(fields, { hidden, attention, defaults });
  return {
    modelType: fields.modelType,
    vocabulary,
    hidden,
    embedding: hidden,
    positionParameters: 0,
    layers: eachLayer(count, (index) => layer(index, windows[index] ?? null)),
    outer: [],
    head: linear(hidden, vocabulary),
    tied: fields.flag("tie_word_embeddings", defaults.tied),
    finalNormParameters: hidden,
    recomputeAt: recomputeAt(fields, defaults),
  };
}

function attentionOf(
  fields: ConfigFields,
  hidden: number,
  defaults: LlamaLikeDefaults,
): Omit<AttentionShape, "window"> {
  const heads = fields.count("num_attention_heads", defaults.heads);
  const written = fields.isWritten("num_key_value_heads")
    ? fields.countOrNull("num_key_value_heads")
    : defaults.kvHeads;
  const headDim = fields.countOrNull("head_dim") ?? defaults.headDim ?? Math.floor(hidden / heads);
  return { heads, kvHeads: written ?? heads, headDim };
}

interface LayerParts {
  readonly hidden: number;
  readonly attention: Omit<AttentionShape, "window">;
  readonly defaults: LlamaLikeDefaults;
}

/** The layers of one model differ in their window and, with experts, in their feed-forward part. */
function layerMaker(fields: ConfigFields, parts: LayerParts): (index: number, window: number | null) => LayerShape {
  const { hidden, attention, defaults } = parts;
  const bias = (rule: BiasRule): boolean => (typeof rule === "boolean" ? rule : fields.flag(rule.key, rule.fallback));
  const [qkv, out, mlp] = [bias(defaults.qkvBias), bias(defaults.outBias), bias(defaults.mlpBias)];
  const inner = fields.count("intermediate_size", defaults.inner);
  const experts = defaults.experts === undefined ? null : expertsOf(fields, { hidden, inner, rule: defaults.experts });
  const projections = attentionMaps(hidden, { ...attention, window: null }, { qkv, out });
  const normParameters = defaults.norms * hidden + (defaults.headNorms ? 2 * attention.headDim : 0);
  return (index, window) => {
    const sparse = experts !== null && experts.isSparse(index);
    const dense = sparse ? experts.shared : gatedMlp(hidden, inner, mlp);
    return {
      attention: { ...attention, window },
      maps: [...projections, ...dense],
      experts: sparse ? experts.shape : null,
      normParameters,
    };
  };
}

const recomputeAt = (fields: ConfigFields, { recomputeKey }: LlamaLikeDefaults): number | null =>
  recomputeKey === undefined ? null : fields.count(recomputeKey.key, recomputeKey.fallback) + 1;
