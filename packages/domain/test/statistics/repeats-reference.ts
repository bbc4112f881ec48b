import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Compared {
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

interface Summary {
  readonly mean: number;
  readonly median: number;
  readonly sd: number;
  readonly cv: number;
  /** Median absolute deviation, scaled to a standard deviation. */
  readonly mad: number;
}

/** Two sets of repeats with what SciPy says of them; bounds are of second minus first. */
export interface ReferencePair {
  readonly name: string;
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly welch: Compared;
  readonly paired: Compared | null;
  readonly effect: number;
  readonly summaries: readonly [Summary, Summary];
}

/** Numbers of SciPy and statsmodels, written by `repeats_reference.py`. */
export const REPEATS: {
  readonly pairs: readonly ReferencePair[];
  readonly holm: readonly { readonly p: readonly number[]; readonly adjusted: readonly number[] }[];
  readonly cosine: readonly { readonly values: readonly number[]; readonly low: number; readonly high: number }[];
} = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures", "repeats.json"), "utf8")) as typeof REPEATS;
