import type { RunSlot, StudyPlan } from "./plan.ts";

/** The runs of a plan in their order. It is loaded when it is asked for: most plans are only counted. */
export async function orderOf({ runs, execution }: StudyPlan): Promise<readonly RunSlot[]> {
  const { orderRuns } = await import("../order/order.ts");
  return orderRuns(runs, execution);
}
