import { correlationLength } from "./series.ts";
import { mean } from "./summary.ts";

/** Samples of one batch of MSER. */
const MSER_BATCH = 5;
/** A series of fewer batches is too short to be judged. */
const FEWEST_BATCHES = 20;
/** Samples below which no plateau is looked for. */
export const FEWEST_SAMPLES: number = MSER_BATCH * FEWEST_BATCHES;

/** A stretch of a series: from its first sample up to, not including, its last. */
export interface Plateau {
  readonly from: number;
  readonly to: number;
}

/**
 * A cut that leaves more than this share of the squared error is noise: MSER cuts most steady series of few batches
 * somewhere. A straight slope that is halved leaves half of it, and is left to {@link levelShift}.
 */
const LEAST_GAIN = 0.5;
/** Stretches whose squared errors differ by less than this factor are equally good: the longest of them is taken. */
const AS_GOOD = 1.25;
/** Squared errors below this share of the whole one, and errors below this share of the mean, are rounding. */
const ROUNDING = 1e-9;

/**
 * The part of a series between its way up and its way down: MSER-5 (White 1997) at both ends at once. It is the stretch of at
 * least half of the series whose mean has the smallest standard error, or the longest that is as good; `undefined` when
 * only half of the series is, or for fewer than {@link FEWEST_SAMPLES} samples.
 */
export function plateauOf(values: ArrayLike<number>): Plateau | undefined {
  const batches = Array.from({ length: Math.floor(values.length / MSER_BATCH) }, (_, batch) =>
    mean(Array.from({ length: MSER_BATCH }, (__, index) => values[batch * MSER_BATCH + index] ?? 0)),
  );
  if (batches.length < FEWEST_BATCHES) return undefined;
  const best = bestByLength(batches);
  const whole = best[0]?.error ?? 0;
  const least = Math.min(...best.map(({ error }) => error));
  if (least >= LEAST_GAIN * whole) return { from: 0, to: values.length };
  const longest = best.findIndex(({ error }) => error <= AS_GOOD * least);
  if (longest === best.length - 1) return undefined;
  const { from, length } = best[longest] as Stretch;
  const to = from + length;
  return { from: from * MSER_BATCH, to: to === batches.length ? values.length : to * MSER_BATCH };
}

interface Stretch {
  readonly from: number;
  readonly length: number;
  /** Squared standard error of its mean. */
  readonly error: number;
}

/** The best stretch of each length, from the whole series down to half of it. */
function bestByLength(batches: readonly number[]): readonly Stretch[] {
  const all = batches.length;
  const squaredError = errorOfMean(batches);
  const rounding = Math.max(ROUNDING * squaredError(0, all), (ROUNDING * mean(batches)) ** 2);
  return Array.from({ length: all - Math.ceil(all / 2) + 1 }, (_, dropped) => {
    const length = all - dropped;
    let best = { from: 0, length, error: Infinity };
    for (let from = 0; from <= dropped; from++) {
      const error = Math.max(rounding, squaredError(from, from + length));
      if (error < best.error) best = { from, length, error };
    }
    return best;
  });
}

/** The squared standard error of the mean of a stretch, as if its batches were independent. */
function errorOfMean(batches: readonly number[]): (from: number, to: number) => number {
  const centre = mean(batches);
  const sums = new Float64Array(batches.length + 1);
  const squares = new Float64Array(batches.length + 1);
  batches.forEach((value, index) => {
    sums[index + 1] = (sums[index] ?? 0) + value - centre;
    squares[index + 1] = (squares[index] ?? 0) + (value - centre) ** 2;
  });
  return (from, to) => {
    const count = to - from;
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    const square = (squares[to] ?? 0) - (squares[from] ?? 0);
    return Math.max(0, square - (sum * sum) / count) / (count * count);
  };
}

/** Where the level of a series changes most, and by how much. */
export interface LevelShift {
  /** Index of the first sample after the change. */
  readonly at: number;
  /** Mean after it over the mean before it, minus one. */
  readonly relative: number;
  /** True when the change is beyond the noise of the series. */
  readonly significant: boolean;
}

/** Quantile of the supremum of a Brownian bridge that 1 % of steady series pass. */
const CUSUM_LIMIT = 1.628;

/**
 * The CUSUM test for one change of level (Ploberger and Krämer 1992), its scale widened for samples that depend on their
 * neighbours.
 */
export function levelShift(values: ArrayLike<number>): LevelShift {
  const n = values.length;
  const centre = mean(values);
  let best = { at: 0, height: 0 };
  let sum = 0;
  for (let at = 1; at < n; at++) {
    sum += (values[at - 1] ?? 0) - centre;
    if (Math.abs(sum) > best.height) best = { at, height: Math.abs(sum) };
  }
  if (best.at === 0) return { at: 0, relative: 0, significant: false };
  const all = Array.from(values);
  const [before, after] = [all.slice(0, best.at), all.slice(best.at)];
  const rest = [...residuals(before), ...residuals(after)];
  const variance = mean(rest.map((value) => value * value)) * correlationLength(rest);
  const significant = best.height > CUSUM_LIMIT * Math.sqrt(variance * n);
  return { at: best.at, relative: mean(after) / mean(before) - 1, significant };
}

/** Deviations from the mean; the change itself must not widen the scale that it is judged by. */
function residuals(values: readonly number[]): number[] {
  const centre = mean(values);
  return values.map((value) => value - centre);
}
