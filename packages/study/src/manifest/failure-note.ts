import { z } from "zod";
import { ERROR_CODES, PHASES, type ErrorCode, type FailureRecord, type LemError } from "@lem/domain";
import type { FailureNote } from "./manifest.ts";

/** The check of a note in a file. */
export const failureNote: z.ZodType<FailureNote> = z.strictObject({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().exactOptional(),
  phase: z.enum(PHASES).exactOptional(),
});

/** A failure in short. */
export function noteOf(failure: LemError | FailureRecord): FailureNote {
  const { code, message, hint } = failure;
  const phase = "phase" in failure ? { phase: failure.phase } : {};
  return { code, message, ...(hint !== undefined && { hint }), ...phase };
}
