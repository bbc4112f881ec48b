import type { ExecutionSettings } from "@lem/config";
import type { PlannedPoint } from "./plan.ts";

/**
 * How many loads each point of a plan is good for in a cycle that keeps engines loaded, by the point's place: 1 where the one
 * before it has another load, 0 where it takes that over, and what is to be expected where chance decides the order.
 */
export function loadsByPoint(
  points: readonly Pick<PlannedPoint, "loadKey">[],
  order: ExecutionSettings["order"],
): (place: number) => number {
  const alike = new Map<string, { first: number; count: number }>();
  for (const [place, { loadKey }] of points.entries()) {
    const known = alike.get(loadKey);
    if (known === undefined) alike.set(loadKey, { first: place, count: 1 });
    else known.count += 1;
  }
  return (place) => {
    const key = points[place]?.loadKey ?? "";
    const { first, count } = alike.get(key) ?? { first: place, count: 1 };
    if (order === "grouped") return place === first ? 1 : 0;
    if (order === "interleaved" || order === "sequential") return points[place - 1]?.loadKey === key ? 0 : 1;
    return 1 - (count - 1) / points.length;
  };
}
