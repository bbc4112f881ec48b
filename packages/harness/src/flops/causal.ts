import { countPasses, sumOfVisible, type PairCount, type PhaseFlops, type RequestLength } from "./passes.ts";
import type { ModelShape } from "./shape.ts";

/** The pairs whose key the query may see: keys at or before it, and within its window. */
const VISIBLE: PairCount = {
  prefill: (length, window) => sumOfVisible(1, length, window),
  steps: sumOfVisible,
};

/** The same passes as `executed`, with attention counted for visible query-key pairs only: what the model asks for. */
export const causalFlops = (shape: ModelShape, request: RequestLength): PhaseFlops =>
  countPasses(shape, request, VISIBLE);
