import type { LinearMap, ModelShape } from "./shape.ts";

const mapParameters = (map: LinearMap): number => map.from * map.to + (map.bias ? map.to : 0);
const sumOf = (maps: readonly LinearMap[]): number => maps.reduce((sum, map) => sum + mapParameters(map), 0);

/** Parameters of a model, all experts included and tied weights once: what num_parameters() of transformers gives. */
export function countParameters(shape: ModelShape): number {
  const layers = shape.layers.reduce((sum, { maps, experts, normParameters }) => {
    const sparse = experts === null ? 0 : mapParameters(experts.router) + experts.count * sumOf(experts.maps);
    return sum + sumOf(maps) + sparse + normParameters;
  }, 0);
  const embedding = shape.vocabulary * shape.embedding + shape.positionParameters;
  const head = shape.tied ? 0 : mapParameters(shape.head);
  return embedding + layers + sumOf(shape.outer) + head + shape.finalNormParameters;
}
