import type { LinearMap, ModelShape } from "./shape.ts";

/** A multiply-add is two operations, as torch's FlopCounterMode counts them. */
const PER_MULTIPLY_ADD = 2;

/** q k^T and p v: two products of headDim multiply-adds for each pair and head. */
const PRODUCTS_PER_PAIR = 2;

const mapFlop = (map: LinearMap): number => PER_MULTIPLY_ADD * map.from * map.to;
const sumOf = (maps: readonly LinearMap[]): number => maps.reduce((sum, map) => sum + mapFlop(map), 0);

/** FLOPs of one position outside attention and the head. Biases, norms, activations and rotations are no matrix products. */
export function flopPerToken(shape: ModelShape): number {
  const layers = shape.layers.reduce((sum, { maps, experts }) => {
    const sparse = experts === null ? 0 : mapFlop(experts.router) + experts.active * sumOf(experts.maps);
    return sum + sumOf(maps) + sparse;
  }, 0);
  return layers + sumOf(shape.outer);
}

/** FLOPs of one pass beyond its positions: the logits of the last one. */
export const flopPerPass = (shape: ModelShape): number => mapFlop(shape.head);

/** Layers that see the same keys, with what one query-key pair costs in all of them together. */
export interface LayerGroup {
  readonly window: number | null;
  readonly flopPerPair: number;
}

/** Groups the layers by window. */
export function layerGroups(shape: ModelShape): readonly LayerGroup[] {
  const groups = new Map<number | null, number>();
  for (const { attention } of shape.layers) {
    const pair = PER_MULTIPLY_ADD * PRODUCTS_PER_PAIR * attention.heads * attention.headDim;
    groups.set(attention.window, (groups.get(attention.window) ?? 0) + pair);
  }
  return [...groups].map(([window, flopPerPair]) => ({ window, flopPerPair }));
}
