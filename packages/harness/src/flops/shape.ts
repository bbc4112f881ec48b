/** One matrix product that every token goes through: a linear layer, whether its weights are stored alone or fused. */
export interface LinearMap {
  readonly from: number;
  readonly to: number;
  readonly bias: boolean;
}

/** Attention of one layer. */
export interface AttentionShape {
  readonly heads: number;
  /** Heads of keys and values as they are projected; eager attention repeats them up to `heads`. */
  readonly kvHeads: number;
  readonly headDim: number;
  /** A query sees this many keys, itself included; `null` sees all before it. */
  readonly window: number | null;
}

/** A mixture of experts: every token goes through the router and `active` of `count` experts. */
export interface ExpertsShape {
  readonly count: number;
  readonly active: number;
  readonly router: LinearMap;
  /** The maps of one expert. */
  readonly maps: readonly LinearMap[];
}

/** One transformer layer, reduced to what decides its cost. */
export interface LayerShape {
  readonly attention: AttentionShape;
  /** Projections of attention and the dense feed-forward maps. */
  readonly maps: readonly LinearMap[];
  readonly experts: ExpertsShape | null;
  /** Parameters that take part in no matrix product: norms. */
  readonly normParameters: number;
}

/** A decoder-only language model, reduced to what decides its FLOPs and its parameter count. */
export interface ModelShape {
  readonly modelType: string;
  readonly vocabulary: number;
  readonly hidden: number;
  /** Width of the token embedding; differs from `hidden` only where OPT projects in and out. */
  readonly embedding: number;
  /** Parameters of a learned table of positions; 0 for rotary positions and ALiBi. */
  readonly positionParameters: number;
  readonly layers: readonly LayerShape[];
  /** Maps outside the layers that run at every position: OPT's project_in and project_out. */
  readonly outer: readonly LinearMap[];
  /** Maps hidden states to logits; runs at the last position of a pass only. */
  readonly head: LinearMap;
  /** The head's weights are the embedding's and are counted once. */
  readonly tied: boolean;
  /** Parameters of the norms after the last layer. */
  readonly finalNormParameters: number;
  /** Phi-3 drops its cache in the pass that brings the sequence to this length, and runs all of it again. */
  readonly recomputeAt: number | null;
}

/** Makes a linear map. */
export const linear = (from: number, to: number, bias = false): LinearMap => ({ from, to, bias });

/** The four projections of grouped-query attention: q, k, v, and back. */
export function attentionMaps(
  hidden: number,
  attention: AttentionShape,
  bias: { readonly qkv: boolean; readonly out: boolean },
): readonly LinearMap[] {
  const queries = attention.heads * attention.headDim;
  const keys = attention.kvHeads * attention.headDim;
  return [
    linear(hidden, queries, bias.qkv),
    linear(hidden, keys, bias.qkv),
    linear(hidden, keys, bias.qkv),
    linear(queries, hidden, bias.out),
  ];
}

/** A feed-forward block with a gate: gate, up, down. */
export const gatedMlp = (hidden: number, inner: number, bias = false): readonly LinearMap[] => [
  linear(hidden, inner, bias),
  linear(hidden, inner, bias),
  linear(inner, hidden, bias),
];

/** A feed-forward block without a gate: up, down. */
export const plainMlp = (hidden: number, inner: number, bias: boolean): readonly LinearMap[] => [
  linear(hidden, inner, bias),
  linear(inner, hidden, bias),
];

/** Makes an array of one entry a layer. */
export const eachLayer = (layers: number, make: (index: number) => LayerShape): readonly LayerShape[] =>
  Array.from({ length: layers }, (_, index) => make(index));
