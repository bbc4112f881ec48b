import { isLemError } from "@lem/domain";

/** Whoever ends an experiment may say why: one that took too long was not interrupted by the user. */
export const stopReason = (stopped: unknown, { reason }: AbortSignal): unknown =>
  isLemError(stopped, "run.interrupted") && isLemError(reason) ? reason : stopped;
