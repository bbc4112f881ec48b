import { isAvailable, type AvailableReading, type Interval, type Reading } from "./reading.ts";
import { compareMeans, comparePairs, type Comparison } from "./statistics/comparison.ts";
import { studentQuantile } from "./statistics/distributions.ts";
import { effectSize } from "./statistics/effect.ts";
import { meanOfRepeats, stretchDegrees, type MeanEstimate } from "./statistics/estimate.ts";

/**
 * How far the level of two loads of one experiment on one board differs, as a relative standard deviation: above that of
 * the recorded loads, 0.17 to 0.45 % (`pnpm bench:gpu`). No window of one load shows it.
 */
export const WANDER_BETWEEN_LOADS = 0.005;

/** A figure of one side of a comparison. */
export interface ComparedFigure {
  readonly reading: Reading;
  /** What moves from load to load where it is not the figure itself: of an energy above idle, the whole energy. */
  readonly level?: number;
  /** Its value in each cycle, where it is of several: each cycle is a load of its own. */
  readonly cycles?: readonly (readonly [cycle: number, value: number])[];
}

/** What two figures share. */
export interface FigurePair {
  /** True when both are of one sensor, whose gain cancels. */
  readonly sameSensor: boolean;
  /** True when equal cycles belong together, as those of one study, which ran side by side. */
  readonly paired: boolean;
}

/** Two figures of one metric, compared; or why they cannot be. */
export type ReadingComparison =
  | (Comparison & {
      readonly status: "compared";
      /** What the difference is judged by: cycles in pairs, cycles, or the windows of single loads. */
      readonly by: "paired-cycles" | "cycles" | "windows";
      /** Hedges' g over cycles; null without. */
      readonly effect: number | null;
      /** What the gains of two sensors leave open, relative; 0 for one sensor. Part of the interval and the verdict. */
      readonly systematic: number;
    })
  | { readonly status: "unknown"; readonly detail: string };

/** Compares two figures: between cycles where there are several, else between windows, loads and sensors. */
export function compareReadings(first: ComparedFigure, second: ComparedFigure, pair: FigurePair): ReadingComparison {
  for (const [which, { reading }] of [["first", first] as const, ["second", second] as const]) {
    if (!isAvailable(reading)) return { status: "unknown", detail: `the ${which} is unavailable: ${reading.detail}` };
  }
  const found = (pair.paired ? inPairs(first, second) : undefined) ?? apart(first, second);
  if (found === undefined)
    return { status: "unknown", detail: "one has no interval: a single window says nothing of its repeats" };
  const systematic = pair.sameSensor ? 0 : Math.hypot(gainOf(first), gainOf(second));
  const [low, high] = [found.low - systematic, found.high + systematic];
  const [a, b] = [first, second].map(({ cycles = [] }) => cycles.map(([, value]) => value)) as [number[], number[]];
  return {
    status: "compared",
    ...found,
    low,
    high,
    effect: effectSize(a, b) ?? null,
    systematic,
    distinguishable: low > 0 || high < 0,
  };
}

type Found = Comparison & { readonly by: "paired-cycles" | "cycles" | "windows" };

/** By the cycles that both have. */
function inPairs({ cycles = [] }: ComparedFigure, second: ComparedFigure): Found | undefined {
  const others = new Map(second.cycles ?? []);
  const common = cycles.flatMap(([cycle, value]) => {
    const other = others.get(cycle);
    return other === undefined ? [] : [[value, other] as const];
  });
  const found = comparePairs(
    common.map(([value]) => value),
    common.map(([, other]) => other),
  );
  return found && { ...found, by: "paired-cycles" };
}

function apart(first: ComparedFigure, second: ComparedFigure): Found | undefined {
  const [a, b] = [estimateOf(first), estimateOf(second)];
  if (a === undefined || b === undefined) return undefined;
  const cycles = [first, second].every((figure) => (figure.cycles ?? []).length > 1);
  return { ...compareMeans(a, b), by: cycles ? "cycles" : "windows" };
}

const gainOf = ({ reading }: ComparedFigure): number =>
  isAvailable(reading) ? (reading.systematic?.relative ?? 0) : 0;

function estimateOf({ reading, level, cycles = [] }: ComparedFigure): MeanEstimate | undefined {
  if (cycles.length > 1) return meanOfRepeats(cycles.map(([, value]) => value));
  return isAvailable(reading) ? estimateOfLoad(reading, level ?? reading.value) : undefined;
}

/** The estimate that the interval of a single load was made from, with what separate loads add. */
function estimateOfLoad({ value, interval, n = 0 }: AvailableReading, level: number): MeanEstimate | undefined {
  if (interval === undefined || n < 2) return undefined;
  const degrees = degreesOf(interval, n);
  const error = (interval.high - interval.low) / 2 / studentQuantile(0.975, degrees);
  return { mean: value, variance: error ** 2, degrees, wander: WANDER_BETWEEN_LOADS * Math.abs(level), n };
}

const degreesOf = ({ method }: Interval, n: number): number => (method === "cosine-t" ? stretchDegrees(n) : n - 1);
