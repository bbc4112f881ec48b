import type { StoppingSettings } from "@lem/config";
import { isAvailable, judgeStopping, METRICS, type DistributionReadings, type Reading } from "@lem/domain";
import { cycleResults, type RawResult } from "../aggregate/aggregate.ts";
import { sectionOf } from "../aggregate/figures.ts";

/**
 * Whether an experiment has been repeated often enough: the interval of a metric over its completed cycles is as narrow as
 * it is to be. Cycles without the metric say nothing, so that all of them run.
 */
export function isPrecise(
  raw: readonly RawResult[],
  { metric, within, min_cycles, max_cycles }: StoppingSettings,
): boolean {
  const values = cycleResults(raw)
    .filter(({ result }) => result.status === "completed")
    .flatMap(({ result }) => {
      const reading = readingOf(metric, (group) => sectionOf(result, group));
      return reading !== undefined && isAvailable(reading) ? [reading.value] : [];
    });
  return judgeStopping(values, { relative: within, least: min_cycles, most: max_cycles }).status === "precise";
}

/** The reading of a metric; of a distribution its mean. */
function readingOf(
  metric: string,
  section: (group: (typeof METRICS)[number]["group"]) => ReturnType<typeof sectionOf>,
): Reading | undefined {
  const declared = METRICS.find(({ tag }) => tag === metric);
  const figures = declared && (section(declared.group) as Readonly<Record<string, Reading | DistributionReadings>>);
  const found = figures?.[metric];
  return found === undefined || "status" in found ? (found as Reading | undefined) : found.mean;
}
