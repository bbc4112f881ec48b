import { isLemError } from "@lem/domain";
import { refuseInterrupted } from "@lem/harness";
import type { Executor } from "./executor/executor.ts";
import { LocalExecutor } from "./executor/local.ts";
import type { EntryCounts, FailureNote } from "./manifest/manifest.ts";
import type { StudyPlan } from "./plan/plan.ts";
import { failuresIn, groupFailures } from "./study/failures.ts";
import { LateWork } from "./study/late-work.ts";
import { createStudy } from "./study/open-study.ts";
import type { RunStudyOptions, StudyOutcome } from "./study/options.ts";
import { resumeStudy } from "./study/resume.ts";
import { runsOf } from "./study/runs.ts";
import { recoverRuns } from "./study/recover.ts";
import type { StudyAtWork } from "./study/study-at-work.ts";
import { StudyLoop } from "./study/study-loop.ts";

/**
 * Runs the experiments of a plan in their order and keeps every step on disk, so that the study can be resumed
 * whatever ends it. An experiment that fails is recorded, and the study goes on.
 * @throws LemError what refuses it before any start (`engine.*`, a single experiment also `model.*`, `workload.*`),
 * `study.*` when it cannot be resumed, `io.*` when its state can no longer be kept, `run.interrupted` before a start
 */
export async function runStudy(plan: StudyPlan, options: RunStudyOptions): Promise<StudyOutcome> {
  const { emit = () => undefined, signal = new AbortController().signal, command = [] } = options;
  const runs = runsOf(plan);
  const late = new LateWork();
  const onSpawn = (): void => late.begin();
  const executor = options.executor ?? new LocalExecutor({ ...options, emit, signal, command, onSpawn });
  try {
    await refuseBeforeStart(plan, executor);
    refuseInterrupted(signal);
    await executor.open();
    const at = { plan, runs, options };
    const study = await (options.resume === undefined ? createStudy(at) : resumeStudy(at, options.resume));
    try {
      return await runAll({ ...at, study, executor, emit, signal, late });
    } finally {
      await study.close();
    }
  } finally {
    await executor.close();
  }
}

/** A study is refused when one of its engines is not to be had, a single experiment for whatever refuses it. */
async function refuseBeforeStart(plan: StudyPlan, executor: Executor): Promise<void> {
  const seen = new Set<string>();
  for (const point of plan.runs) {
    if (seen.has(point.engine)) continue;
    seen.add(point.engine);
    await executor.refuse(await plan.resolve(point)).catch((error: unknown) => {
      const refused = plan.runs.length === 1 || !isLemError(error) || error.code.startsWith("engine.");
      if (refused || error.code === "run.interrupted") throw error;
    });
  }
}

async function runAll(at: StudyAtWork): Promise<StudyOutcome> {
  const { study, emit, runs } = at;
  const { store, folder } = study;
  emit({ type: "study-started", directory: folder, experiments: runs.length });
  const loop = new StudyLoop(at);
  await recoverRuns(at);
  const reason = await loop.run();
  await at.late.finish();
  const { counts } = store.entries;
  const status = statusAfter(reason, counts);
  await store.commit({ type: "end", at: new Date().toISOString(), status, ...(reason !== null && { reason }) });
  emit({ type: "study-finished", directory: folder, completed: counts.completed, failed: counts.failed });
  const failures = groupFailures(failuresIn(store.entries, runs.pointAt));
  return { folder, status, reason, counts, failures };
}

function statusAfter(reason: FailureNote | null, counts: EntryCounts): StudyOutcome["status"] {
  if (reason !== null) return reason.code === "run.interrupted" ? "interrupted" : "stopped";
  return counts.failed > 0 ? "failed" : "completed";
}
