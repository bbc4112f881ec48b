import { seededRandom } from "../../src/statistics/interval.ts";

/** Standard normal values of a seed. */
export function gaussian(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Endless values of mean 0 and variance 1, each of which keeps a share of the one before it: AR(1). */
export function autoregressive(share: number, draw: () => number): () => number {
  const fresh = Math.sqrt(1 - share * share);
  let last = draw();
  return () => (last = share * last + fresh * draw());
}
