import type { Emit } from "@lem/domain";
import type { Executor } from "../executor/executor.ts";
import type { LateWork } from "./late-work.ts";
import type { OpenStudy, StudyAtHand } from "./open-study.ts";

/** A study with where its experiments run. */
export interface StudyAtWork extends StudyAtHand {
  readonly study: OpenStudy;
  readonly executor: Executor;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Begun whenever an engine starts. */
  readonly late: LateWork;
}

/** The time of a transition. */
export const now = (): string => new Date().toISOString();

/** Seconds on CLOCK_MONOTONIC. */
export const monotonicS = (): number => performance.now() / 1000;
