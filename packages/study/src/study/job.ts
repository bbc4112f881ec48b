import type { ExperimentJob } from "../executor/executor.ts";
import type { StudyAtWork } from "./study-at-work.ts";

/** A run as it is given to an executor. @throws LemError what refuses its configuration */
export async function jobOf(at: StudyAtWork, slot: number, attempt: number): Promise<ExperimentJob> {
  const { plan, runs, study } = at;
  const point = runs.pointAt(slot);
  const { cycle } = runs.slotAt(slot);
  return {
    name: `${point.id}-c${cycle}-a${attempt}`,
    study: study.folder,
    at: { id: point.id, cycle, rank: 0 },
    resolution: await plan.resolve(point),
    timeout_s: plan.execution.timeout_s,
    keep_loaded: plan.execution.keep_loaded && nextMayShareLoad(at, slot),
    command: study.command,
  };
}

/** Whether the run that comes next could be served by the load of a run; one of another cycle has its own. */
function nextMayShareLoad({ runs, study }: StudyAtWork, slot: number): boolean {
  let next = slot + 1;
  while (next < runs.length && study.store.entries.statusAt(next) !== "pending") next += 1;
  if (next >= runs.length || runs.slotAt(next).cycle !== runs.slotAt(slot).cycle) return false;
  return runs.pointAt(next).loadKey === runs.pointAt(slot).loadKey;
}
