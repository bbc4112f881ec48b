import { seededRandom } from "@lem/domain";

/** Which of many numbered things are wanted. */
export interface Selection {
  readonly size: number;
  /** How many of those from `start` to before `end` are wanted. */
  readonly count: (start: number, end: number) => number;
}

/** All of them. */
export const everything = (size: number): Selection => ({ size, count: (start, end) => end - start });

/** A seeded sample without repetition: `n` of `size`, each set of them equally likely; all when there are no more. */
export function sampleOf(size: number, n: number, seed: number): Selection {
  if (n >= size) return everything(size);
  const chosen = sampleIndices(size, n, seed);
  return { size: n, count: (start, end) => firstFrom(chosen, end) - firstFrom(chosen, start) };
}

/** The sampled numbers in ascending order, by Floyd's method: its effort grows with `n` only. */
export function sampleIndices(size: number, n: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.min(Math.floor((random() + random() / 2 ** 32) * limit), limit - 1);
  const chosen = new Set<number>();
  for (let last = size - n; last < size; last++) {
    const drawn = below(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return Float64Array.from(chosen).sort();
}

/** Index of the first that is not below a value. */
function firstFrom(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
