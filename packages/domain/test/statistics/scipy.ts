import { readFileSync } from "node:fs";
import { join } from "node:path";

type Bounds = { readonly level: number; readonly low: number; readonly high: number };

/** Numbers of NumPy and SciPy, written by `scipy_reference.py`. */
export interface Reference {
  readonly versions: Readonly<Record<"python" | "numpy" | "scipy", string>>;
  readonly student_quantile: readonly [p: number, degrees: number, t: number][];
  readonly student_cdf: readonly [t: number, degrees: number, p: number][];
  readonly normal_quantile: readonly [p: number, z: number][];
  readonly normal_cdf: readonly [z: number, p: number][];
  readonly incomplete_beta: readonly [a: number, b: number, x: number, value: number][];
  readonly binomial_cdf: readonly [k: number, n: number, p: number, value: number][];
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly quantiles: readonly [sample: string, q: number, value: number][];
  readonly summaries: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
  readonly student_intervals: Readonly<Record<string, readonly [number, number]>>;
  readonly bca_bootstraps: Readonly<Record<string, Bounds>>;
  readonly expanded_bca_bootstraps: Readonly<Record<string, Bounds>>;
  readonly quantile_interval_ranks: readonly [n: number, q: number, low: number, high: number][];
}

export const SCIPY: Reference = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures", "scipy.json"), "utf8"),
) as Reference;

/** The reference samples of one name. */
export const sample = (name: string): readonly number[] => SCIPY.samples[name] ?? [];

/** The difference of two values relative to the expected one, or absolute where that is 0. */
export const relativeError = (found: number, expected: number): number =>
  Math.abs(found - expected) / (expected === 0 ? 1 : Math.abs(expected));
