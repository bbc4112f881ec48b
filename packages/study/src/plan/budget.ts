import { sampleIndices, type ExecutionSettings } from "@lem/config";

/** The points that a budget of runs leaves: all, or a seeded sample of them in declared order; never none. */
export function withinBudget<T>(points: readonly T[], { budget, cycles, stop, seed }: ExecutionSettings): readonly T[] {
  if (budget.runs === null) return points;
  const affordable = Math.max(Math.floor(budget.runs / (stop?.max_cycles ?? cycles)), 1);
  if (affordable >= points.length) return points;
  return Array.from(sampleIndices(points.length, affordable, seed), (index) => points[index] as T);
}
