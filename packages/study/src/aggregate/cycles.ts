import {
  isAvailable,
  summarizeRepeats,
  type AvailableReading,
  type FigureRepeats,
  type Reading,
  type RepeatSummary,
} from "@lem/domain";

/** A reading with the cycle that it is of. */
export interface CycleReading {
  readonly cycle: number;
  readonly reading: Reading | undefined;
}

/** A figure over cycles: what stands in its place, and what its values say. */
export interface CycleFigure {
  readonly reading: Reading;
  readonly repeats: FigureRepeats | undefined;
}

type Available = CycleReading & { readonly reading: AvailableReading };

const hasValue = (each: CycleReading): each is Available => each.reading !== undefined && isAvailable(each.reading);

/**
 * A figure of several cycles: their mean, with the interval of the mean; of `min` and `max` the outermost. A cycle is one
 * observation, however many windows it had, as windows of one load share what differs between loads.
 */
export function overCycles(readings: readonly CycleReading[], path: string): CycleFigure {
  const available = readings.filter(hasValue);
  const [first] = available;
  const summary = summarizeRepeats(available.map(({ reading }) => reading.value));
  if (first === undefined || summary === undefined) return { reading: missing(readings), repeats: undefined };
  return { reading: combined(available, first.reading, summary, path), repeats: repeatsOf(available, summary) };
}

const missing = (readings: readonly CycleReading[]): Reading =>
  readings.find(({ reading }) => reading !== undefined)?.reading ?? {
    status: "unavailable",
    reason: "not-completed",
    detail: "no cycle was completed",
  };

function combined(
  available: readonly Available[],
  first: AvailableReading,
  { mean, interval, n }: RepeatSummary,
  path: string,
): Reading {
  if (n === 1) return first;
  const readings = available.map(({ reading }) => reading);
  const values = readings.map(({ value }) => value);
  const { unit, source } = first;
  const statistic = path.split(".").at(-1);
  const status = readings.every((reading) => reading.status === "measured") ? "measured" : "modelled";
  if (statistic === "min" || statistic === "max")
    return { status, value: Math[statistic](...values), unit, source: `${statistic} of ${n} cycles: ${source}` };
  const systematic = readings
    .flatMap((reading) => reading.systematic ?? [])
    .toSorted((a, b) => b.relative - a.relative)[0];
  return {
    status,
    value: mean,
    unit,
    source: `mean of ${n} cycles: ${source}`,
    ...(interval !== null && { interval }),
    ...(systematic !== undefined && { systematic }),
    n: observations(readings) ?? n,
  };
}

/** Samples behind all readings together, where each says how many stand behind it. */
function observations(readings: readonly AvailableReading[]): number | undefined {
  const counts = readings.flatMap(({ n }) => n ?? []);
  return counts.length === readings.length ? counts.reduce((sum, n) => sum + n, 0) : undefined;
}

function repeatsOf(available: readonly Available[], { outliers, ...summary }: RepeatSummary): FigureRepeats {
  return {
    unit: (available[0] as Available).reading.unit,
    ...summary,
    values: available.map(({ cycle, reading }) => [cycle, reading.value] as const),
    outliers: outliers.map(({ index, value, score }) => ({ cycle: available[index]?.cycle ?? 0, value, score })),
  };
}
