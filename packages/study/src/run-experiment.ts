import type { Resolution } from "@lem/config";
import { LemError, type ExperimentResult } from "@lem/domain";
import { planOfOne } from "./plan/plan-of-one.ts";
import { runStudy } from "./run-study.ts";
import type { RunStudyOptions } from "./study/options.ts";

/** What a run left behind. */
export interface ExperimentOutcome {
  /** The study folder. */
  readonly folder: string;
  readonly result: ExperimentResult;
}

/**
 * Measures one experiment and stores it as a study of one. An experiment that fails or is interrupted is a result
 * too; only what refuses it before any start is thrown, and then nothing was written.
 * @throws LemError `engine.*`, `model.*`, `workload.*`, `io.*`, `run.interrupted`
 */
export async function runExperiment(resolution: Resolution, options: RunStudyOptions): Promise<ExperimentOutcome> {
  let result: ExperimentResult | undefined;
  const onResult = (own: ExperimentResult): void => {
    result = own;
    options.onResult?.(own);
  };
  const { folder, failures, reason } = await runStudy(planOfOne(resolution), { ...options, onResult });
  const stopped = reason?.code === "run.interrupted" ? null : reason;
  if (result !== undefined && stopped === null) return { folder, result };
  const note = reason ?? failures[0]?.note;
  const { code, message, hint } = note ?? { code: "internal.bug", message: `${folder} has no result` };
  throw new LemError(code, message, hint === undefined ? {} : { hint });
}
