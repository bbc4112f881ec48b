import { LemError, type FailureRecord, type Phase } from "@lem/domain";

/** Lines of the engine's log that a failure keeps. */
const TAIL_LINES = 30;

type EngineError = NonNullable<FailureRecord["engine_error"]>;

function engineErrorOf(context: LemError["context"]): EngineError | undefined {
  const said = context["engine_error"];
  return typeof said === "object" && said !== null && "type" in said ? (said as EngineError) : undefined;
}

/** Turns whatever ended an experiment into its record; what is no LemError is a defect of lem. */
export function failureRecord(error: unknown, phase: Phase, logTail: string): FailureRecord {
  const known = error instanceof LemError ? error : new LemError("internal.bug", String(error), { cause: error });
  const engineError = engineErrorOf(known.context);
  return {
    phase,
    code: known.code,
    message: known.message,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(engineError === undefined ? {} : { engine_error: engineError }),
    log_tail: logTail
      .split("\n")
      .filter((line) => line !== "")
      .slice(-TAIL_LINES),
  };
}
