import { quantile, sortSamples } from "./quantile.ts";
import { mean } from "./summary.ts";

/** A repeat that lies far from the others. */
export interface Outlier {
  readonly index: number;
  readonly value: number;
  /** Its modified z-score. */
  readonly score: number;
}

/** The rule: a modified z-score beyond this, from so many repeats on. */
export const OUTLIER_RULE = { score: 3.5, from: 5 } as const;

/** Mean absolute deviation of a standard normal, inverted, and median absolute deviation. */
const PER_MEAN_DEVIATION = Math.sqrt(Math.PI / 2);
const PER_MEDIAN_DEVIATION = 1.482602218505602;

/** The value that half of the samples lie below; NaN of nothing. */
export const median = (values: readonly number[]): number => quantile(sortSamples(values), 0.5);

/**
 * Repeats whose modified z-score (Iglewicz and Hoaglin 1993: distance from the median over 1.4826 median absolute
 * deviations) is beyond {@link OUTLIER_RULE}. Where half of the repeats are equal, the mean absolute deviation takes the
 * median one's place. They are named, never dropped: every figure counts them.
 */
export function outliersOf(values: readonly number[]): readonly Outlier[] {
  if (values.length < OUTLIER_RULE.from) return [];
  const centre = median(values);
  const deviations = values.map((value) => Math.abs(value - centre));
  const scale = PER_MEDIAN_DEVIATION * median(deviations) || PER_MEAN_DEVIATION * mean(deviations);
  if (scale === 0) return [];
  return values
    .map((value, index) => ({ index, value, score: (value - centre) / scale }))
    .filter(({ score }) => Math.abs(score) > OUTLIER_RULE.score);
}
