import type { JsonObject } from "@lem/domain";
import type { LengthDistribution, ResolvedWorkload } from "@lem/config";
import { seededStream } from "./seeded-stream.ts";

/** Draws the input length of each request: whole tokens, at least one, cut to the workload's `input_tokens`. */
export function drawLengths(distribution: LengthDistribution, workload: ResolvedWorkload): readonly number[] {
  const random = seededStream(workload.seed, "lengths");
  return Array.from({ length: workload.n }, () =>
    Math.min(workload.input_tokens, Math.max(1, Math.round(draw(distribution, random)))),
  );
}

/** `lognormal`: `mean` is the mean of the untruncated lengths, `sigma` the standard deviation of their logarithm. */
function draw(distribution: LengthDistribution, random: () => number): number {
  switch (distribution.kind) {
    case "fixed":
      return distribution.value;
    case "uniform": {
      const { min, max } = distribution;
      return min + Math.floor(random() * (max - min + 1));
    }
    case "lognormal": {
      const { mean, sigma, min, max } = distribution;
      const length = mean * Math.exp(sigma * standardNormal(random) - (sigma * sigma) / 2);
      return Math.min(max, Math.max(min, length));
    }
  }
}

/** A standard normal number (Box and Muller); 1 - u keeps the logarithm finite. */
const standardNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The vocabulary that random ids are drawn from. */
export interface Vocabulary {
  readonly size: number;
  /** Ids with a meaning of their own: a stray end of sequence would change the work. */
  readonly special: ReadonlySet<number>;
}

/** Random token ids of the given lengths; the same seed gives the same ids. */
export function drawIds(
  lengths: readonly number[],
  vocabulary: Vocabulary,
  seed: number,
): readonly (readonly number[])[] {
  const random = seededStream(seed, "ids");
  const plain = Array.from({ length: vocabulary.size }, (_, id) => id).filter((id) => !vocabulary.special.has(id));
  return lengths.map((length) => Array.from({ length }, () => plain[Math.floor(random() * plain.length)] ?? 0));
}

const SPECIAL_ID_KEYS = ["bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id"] as const;

/** The special ids that a model's config.json names. */
export function specialIds(config: JsonObject): ReadonlySet<number> {
  const named = SPECIAL_ID_KEYS.flatMap((key) => config[key] ?? []);
  return new Set(named.filter((id): id is number => typeof id === "number"));
}
