import type { Interval } from "../reading.ts";
import { normalCdf, normalQuantile, studentQuantile } from "./distributions.ts";
import { quantile, sortSamples } from "./quantile.ts";
import { mean, standardDeviation } from "./summary.ts";

/** From this many samples on the interval is a bootstrap; below it, Student's t. */
export const BOOTSTRAP_FROM = 10;

/** Resamples of the bootstrap: enough that the interval's own Monte Carlo error is far below its width. */
export const BOOTSTRAP_RESAMPLES = 4000;

/** A small seeded generator (mulberry32): the same samples always give the same interval. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * 95 % confidence interval of the mean of independent samples: Student's t below {@link BOOTSTRAP_FROM}, the
 * bias-corrected and accelerated bootstrap (Efron 1987) from there on. `undefined` below two samples.
 */
export function meanInterval(samples: readonly number[]): Interval | undefined {
  if (samples.length < 2) return undefined;
  if (samples.length < BOOTSTRAP_FROM || standardDeviation(samples) === 0) return studentInterval(samples);
  return bcaInterval(samples);
}

function studentInterval(samples: readonly number[]): Interval {
  const centre = mean(samples);
  const half = (studentQuantile(0.975, samples.length - 1) * standardDeviation(samples)) / Math.sqrt(samples.length);
  return { level: 0.95, low: centre - half, high: centre + half, method: "student-t" };
}

function bcaInterval(samples: readonly number[]): Interval {
  const n = samples.length;
  const centre = mean(samples);
  const means = resampledMeans(samples);
  const bias = normalQuantile(clampShare(means.filter((value) => value < centre).length / means.length));
  const acceleration = jackknifeAcceleration(samples, centre * n);
  const sorted = sortSamples(means);
  const at = (p: number): number => {
    const z = bias + normalQuantile(p);
    return quantile(sorted, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { level: 0.95, low: at(0.025), high: at(0.975), method: "bca-bootstrap" };
}

/** Keeps a share away from 0 and 1, where its normal quantile is infinite. */
const clampShare = (share: number): number =>
  Math.min(1 - 0.5 / BOOTSTRAP_RESAMPLES, Math.max(0.5 / BOOTSTRAP_RESAMPLES, share));

function resampledMeans(samples: readonly number[]): number[] {
  const random = seededRandom(samples.length);
  return Array.from({ length: BOOTSTRAP_RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < samples.length; i++) sum += samples[Math.floor(random() * samples.length)] ?? 0;
    return sum / samples.length;
  });
}

/** Acceleration of the mean from its jackknife values. */
function jackknifeAcceleration(samples: readonly number[], total: number): number {
  const left = samples.map((value) => (total - value) / (samples.length - 1));
  const centre = mean(left);
  const cubes = left.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const squares = left.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
