import type { Interval } from "../reading.ts";
import { expandedTail, seededRandom } from "./interval.ts";
import { quantile, sortSamples } from "./quantile.ts";
import { mean } from "./summary.ts";

/** Correlation lengths in a block: its truncated estimate is short. */
const BLOCK_LENGTHS = 4;
/** Resamples of the block bootstrap. */
const RESAMPLES = 2000;
/** A series is cut into at least this many blocks, or its interval does not exist. */
const MIN_BLOCKS = 8;

/**
 * Samples over which a series forgets itself: 1 + 2 times its autocorrelations, summed while they stay above the noise
 * of the estimate (2 / sqrt n). 1 for independent samples.
 */
export function correlationLength(values: ArrayLike<number>): number {
  const n = values.length;
  const centre = mean(values);
  const deviations = Float64Array.from(values, (value) => value - centre);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
    return sum / n;
  };
  const variance = covariance(0);
  if (variance === 0) return 1;
  let length = 1;
  for (let lag = 1; lag < n / 2; lag++) {
    const correlation = covariance(lag) / variance;
    if (correlation < 2 / Math.sqrt(n)) break;
    length += 2 * correlation;
  }
  return length;
}

/**
 * 95 % interval of the mean of a stationary series whose samples depend on their neighbours: the circular block
 * bootstrap (Politis and Romano 1992) with blocks of {@link BLOCK_LENGTHS} correlation lengths, its tails widened for the number of
 * blocks as those of `meanInterval` are. `undefined` below {@link MIN_BLOCKS} blocks: the series is too short to tell.
 */
export function seriesInterval(values: ArrayLike<number>): Interval | undefined {
  const n = values.length;
  const block = Math.max(1, Math.ceil(BLOCK_LENGTHS * correlationLength(values)));
  const blocks = Math.floor(n / block);
  if (blocks < MIN_BLOCKS) return undefined;
  const sums = blockSums(values, block);
  const random = seededRandom(n);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let taken = 0; taken < blocks; taken++) sum += sums[Math.floor(random() * n)] ?? 0;
    return sum / (blocks * block);
  });
  const tail = expandedTail(0.025, blocks);
  const sorted = sortSamples(means);
  return { level: 0.95, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), method: "block-bootstrap" };
}

/** The sum of the block that begins at each sample, round the end of the series. */
function blockSums(values: ArrayLike<number>, block: number): Float64Array {
  const n = values.length;
  const sums = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < block; i++) sum += values[i % n] ?? 0;
  for (let begin = 0; begin < n; begin++) {
    sums[begin] = sum;
    sum += (values[(begin + block) % n] ?? 0) - (values[begin] ?? 0);
  }
  return sums;
}
