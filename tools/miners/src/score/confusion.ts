import { rate, type Rate } from "./rate.ts";

/** How often a thing was foretold and happened. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** What is told of a {@link Confusion}. */
export interface Accuracy extends Confusion {
  readonly precision: Rate;
  readonly recall: Rate;
  /** Of those to which it did not happen, the share to which it was foretold. */
  readonly false_positive: Rate;
  /** How often it happened at all. */
  readonly base: Rate;
}

/** Counts pairs of what was foretold and what happened. */
export function confusion<T>(
  cases: Iterable<T>,
  { foretold, happened }: { foretold: (each: T) => boolean; happened: (each: T) => boolean },
): Confusion {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const each of cases) {
    if (happened(each)) counts[foretold(each) ? "tp" : "fn"] += 1;
    else counts[foretold(each) ? "fp" : "tn"] += 1;
  }
  return counts;
}

/** Shares with their intervals. */
export function accuracy(counts: Confusion): Accuracy {
  const { tp, fp, fn, tn } = counts;
  return {
    ...counts,
    precision: rate(tp, tp + fp),
    recall: rate(tp, tp + fn),
    false_positive: rate(fp, fp + tn),
    base: rate(tp + fn, tp + fp + fn + tn),
  };
}
