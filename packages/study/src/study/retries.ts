import type { ExecutionSettings } from "@lem/config";
import type { ErrorCode } from "@lem/domain";

/** Failures that may pass by themselves: processes, pipes and networks, not what an engine says of a configuration. */
const PASSING: readonly ErrorCode[] = [
  "worker.spawn",
  "worker.crashed",
  "worker.silent",
  "worker.protocol",
  "model.download-interrupted",
  "model.no-source",
];

/** True when a run that failed with a code after so many attempts in this sitting is tried again. */
export function isTriedAgain(settings: ExecutionSettings["retries"], code: ErrorCode, attempts: number): boolean {
  const codes: readonly string[] = settings.codes.length === 0 ? PASSING : settings.codes;
  return attempts <= settings.times && codes.includes(code);
}
