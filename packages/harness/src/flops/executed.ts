import { countPasses, sumOfVisible, type PairCount, type PhaseFlops, type RequestLength } from "./passes.ts";
import type { ModelShape } from "./shape.ts";

/**
 * The pairs that eager attention multiplies. A pass over the prompt multiplies every query with every key and masks
 * afterwards, windows included; a step multiplies its one query with what the cache kept, which in a sliding layer
 * is the last window - 1 keys, and its own.
 */
const EXECUTED: PairCount = {
  prefill: (length) => length * length,
  steps: sumOfVisible,
};

/**
 * Matrix products as generate() of transformers runs them with eager attention and a KV cache: the prompt with
 * logits for its last position only, then output - 1 steps of one token. Checked against torch's FlopCounterMode.
 */
export const executedFlops = (shape: ModelShape, request: RequestLength): PhaseFlops =>
  countPasses(shape, request, EXECUTED);
