import { canonicalJson, LemError, sha256 } from "@lem/domain";
import type { RunNames } from "../manifest/store.ts";
import { orderRuns } from "../order/order.ts";
import type { PlannedPoint, RunSlot, StudyPlan } from "../plan/plan.ts";

/** The runs of a study in their order. */
export interface StudyRuns extends RunNames {
  readonly slotAt: (slot: number) => RunSlot;
  readonly pointAt: (slot: number) => PlannedPoint;
  /** Hash over what runs, in which order and how. */
  readonly identity: string;
}

/** Orders the runs of a plan. */
export function runsOf(plan: StudyPlan): StudyRuns {
  const slots = orderRuns(plan.runs, { ...plan.execution, cycles: cyclesOf(plan.execution) });
  const slotAt = (slot: number): RunSlot => known(slots[slot], slot);
  const pointAt = (slot: number): PlannedPoint => known(plan.runs[slotAt(slot).point], slot);
  return {
    length: slots.length,
    slotAt,
    pointAt,
    at: (slot) => ({ experiment_id: pointAt(slot).id, cycle: slotAt(slot).cycle }),
    identity: identityOf(plan, slots),
  };
}

/** Cycles that an experiment has at most. */
const cyclesOf = ({ stop, cycles }: StudyPlan["execution"]): number => stop?.max_cycles ?? cycles;

function identityOf({ runs, execution }: StudyPlan, slots: readonly RunSlot[]): string {
  const names = slots.map(({ point, cycle }) => `${runs[point]?.id} ${cycle}`);
  return sha256([canonicalJson(execution), ...names].join("\n"));
}

function known<Value>(value: Value | undefined, slot: number): Value {
  if (value === undefined) throw new LemError("internal.bug", `the study has no run ${slot}`);
  return value;
}
