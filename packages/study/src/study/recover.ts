import { storeAggregate } from "../aggregate/store-aggregate.ts";
import { noteOf } from "../manifest/failure-note.ts";
import type { StudyAtWork } from "./study-at-work.ts";

/**
 * Brings back what earlier processes left: a result that was stored counts, whatever else began is to run again.
 * @throws LemError `io.*`
 */
export async function recoverRuns(at: StudyAtWork): Promise<void> {
  const { study, runs } = at;
  const last = lastFinished(at);
  if (last !== undefined) aggregateLater(at, last);
  for (let slot = 0; slot < runs.length; slot++) {
    if (study.store.entries.statusAt(slot) === "running") await recoverRun(at, slot);
    const status = study.store.entries.statusAt(slot);
    if (status === "failed" || status === "interrupted" || status === "skipped")
      await study.store.commit({ type: "reopen", slot });
  }
}

/** The aggregate of an experiment over all that is stored of it, when there is time for it. */
export function aggregateLater({ late, study }: StudyAtWork, id: string): void {
  late.add(() => storeAggregate(study.folder, id));
}

/** The experiment whose aggregate the process before may not have come to. */
function lastFinished({ study, runs }: StudyAtWork): string | undefined {
  let [last, latest] = [-1, ""];
  for (let slot = 0; slot < runs.length; slot++) {
    const { stored, finished_at } = study.store.entries.at(slot);
    if (stored && finished_at !== null && finished_at > latest) [last, latest] = [slot, finished_at];
  }
  return last < 0 ? undefined : runs.at(last).experiment_id;
}

async function recoverRun(at: StudyAtWork, slot: number): Promise<void> {
  const { study, executor, runs } = at;
  const { experiment_id: id, cycle } = runs.at(slot);
  const result = await executor.collect({ study: study.folder, at: { id, cycle, rank: 0 } });
  if (result === undefined) return await study.store.commit({ type: "reopen", slot });
  const failure = result.failure === null ? {} : { failure: noteOf(result.failure) };
  const { status, finished_at } = result;
  await study.store.commit({ type: "finish", slot, at: finished_at, status, stored: true, ...failure });
  aggregateLater(at, id);
}
