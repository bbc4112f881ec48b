import type { ExecutionSettings } from "@lem/config";
import { seededStream, shuffled } from "@lem/harness";
import type { PlannedPoint, RunSlot } from "../plan/plan.ts";
import { squareRow, squareRows } from "./latin-square.ts";

/** What decides the order of a study. */
export type OrderSettings = Pick<ExecutionSettings, "cycles" | "order" | "seed">;

/** The points of one cycle in their order; cycles count from 1. */
type CycleOrder = (cycle: number) => readonly number[];

/** The runs of a study in the order in which they take place: each point once in each cycle. Pure: equal seeds, equal orders. */
export function orderRuns(points: readonly PlannedPoint[], settings: OrderSettings): readonly RunSlot[] {
  const cycles = Array.from({ length: settings.cycles }, (_, index) => index + 1);
  if (settings.order === "sequential")
    return numbered(points.flatMap((_, point) => cycles.map((cycle) => ({ point, cycle }))));
  const inCycle = cycleOrder(points, { ...settings, order: settings.order });
  return numbered(cycles.flatMap((cycle) => inCycle(cycle).map((point) => ({ point, cycle }))));
}

type CyclewiseSettings = OrderSettings & { readonly order: Exclude<OrderSettings["order"], "sequential"> };

function cycleOrder(points: readonly PlannedPoint[], { order, seed }: CyclewiseSettings): CycleOrder {
  switch (order) {
    case "interleaved":
      return () => indices(points.length);
    case "shuffled":
      return (cycle) => shuffled(indices(points.length), seededStream(seed, `cycle ${cycle}`));
    case "grouped":
      return groupedByLoad(points);
    case "latin-square":
      return balanced(points.length, seed);
  }
}

/**
 * Points of one load stand together, and among them those of the same amount of work, for which an engine may be loaded.
 * Every second cycle turns the groups round, so that none is always the first.
 */
function groupedByLoad(points: readonly PlannedPoint[]): CycleOrder {
  const groups = Map.groupBy(indices(points.length), (point) => points[point]?.loadKey);
  const forth = [...groups.values()].map((group) =>
    [...Map.groupBy(group, (point) => points[point]?.workKey).values()].flat(),
  );
  const back = forth.toReversed();
  return (cycle) => (cycle % 2 === 1 ? forth : back).flat();
}

/** Rows of the balanced square in a seeded order, so that a few cycles are no neighbours of one another. */
function balanced(size: number, seed: number): CycleOrder {
  if (size === 0) return () => [];
  const names = shuffled(indices(size), seededStream(seed, "names"));
  const rows = shuffled(indices(squareRows(size)), seededStream(seed, "rows"));
  return (cycle) => squareRow(size, rows[(cycle - 1) % rows.length] ?? 0).map((number) => names[number] ?? 0);
}

const indices = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const numbered = (slots: readonly Omit<RunSlot, "index">[]): readonly RunSlot[] =>
  slots.map((slot, index) => ({ index, ...slot }));
