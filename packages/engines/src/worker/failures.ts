import { LemError, type ErrorCode } from "@lem/domain";
import type { ProcessOutcome } from "../runners/runner.ts";
import type { Operation, WorkerFailure } from "./protocol.ts";

/** Where a failure happened. */
export interface FailurePlace {
  readonly engine: string;
  /** The operation at hand; undefined between requests. */
  readonly op: Operation | undefined;
  readonly logPath: string;
}

const OUT_OF_MEMORY_HINT =
  "choose a smaller model, a shorter context, a smaller batch or a quantized model, or end other programs";

/** The error for a worker's process that ended by itself: `worker.crashed` or `worker.out-of-memory`. */
export function crashed(outcome: ProcessOutcome, place: FailurePlace): LemError {
  const how = outcome.signal === null ? `exit code ${outcome.exitCode}` : outcome.signal;
  const lastWords = lastWordsOf(outcome.stderrTail);
  const outOfMemory = ranOutOfMemory(outcome);
  const message = outOfMemory
    ? `${place.engine} ran out of memory during ${during(place)} (${how})`
    : `the process of ${place.engine} ended with ${how} during ${during(place)}${lastWords === "" ? "" : `: ${lastWords}`}`;
  return new LemError(outOfMemory ? "worker.out-of-memory" : "worker.crashed", message, {
    hint: outOfMemory ? OUT_OF_MEMORY_HINT : (crashHint(outcome) ?? `the log has the details: ${place.logPath}`),
    context: { ...placeContext(place), ...outcomeContext(outcome) },
  });
}

/** The error for an error reply. */
export function engineRaised(failure: WorkerFailure, place: FailurePlace): LemError {
  const { kind, refusal, ...engineError } = failure;
  const code = RAISED_CODES[kind];
  const hint = RAISED_HINTS[kind];
  return new LemError(code, `${place.engine} failed during ${during(place)}: ${failure.type}: ${failure.message}`, {
    hint: hint ?? `the log has the details: ${place.logPath}`,
    context: { ...placeContext(place), engine_error: engineError, ...(refusal === undefined ? {} : { refusal }) },
  });
}

/** The error for a worker that said nothing within its deadline. */
export function silent(seconds: number, place: FailurePlace): LemError {
  return new LemError("worker.silent", `${place.engine} said nothing for ${seconds} s during ${during(place)}`, {
    hint: "it hangs, or the deadline is too short for this machine; the log has its last words",
    context: { ...placeContext(place), deadline_s: seconds },
  });
}

/** The error for a session that the user, or `close` in the middle of a request, ended. */
export function interrupted(reason: unknown, place: FailurePlace): LemError {
  return new LemError("run.interrupted", `${place.engine} was stopped during ${during(place)}`, {
    cause: reason,
    context: placeContext(place),
  });
}

/** The error for a worker that speaks another version of the protocol. */
export function versionMismatch(spoken: number, expected: number, place: FailurePlace): LemError {
  return new LemError("worker.protocol", `the worker of ${place.engine} speaks protocol ${spoken}, not ${expected}`, {
    hint: "the worker and this program are of different versions; install the engine again",
    context: { ...placeContext(place), spoken, expected },
  });
}

/** What an outcome adds to the context of an error. */
export const outcomeContext = (outcome: ProcessOutcome): Readonly<Record<string, unknown>> => ({
  exit_code: outcome.exitCode,
  signal: outcome.signal,
  killed_by: outcome.killedBy,
  survivors: outcome.survivors,
  log_tail: outcome.stderrTail,
});

const placeContext = (place: FailurePlace): Readonly<Record<string, unknown>> => ({
  engine: place.engine,
  op: place.op ?? null,
  log: place.logPath,
});

const during = (place: FailurePlace): string =>
  place.op === undefined ? "a pause between requests" : `\`${place.op}\``;

const RAISED_CODES: Readonly<Record<WorkerFailure["kind"], ErrorCode>> = {
  failed: "worker.failed",
  "out-of-memory": "worker.out-of-memory",
  "not-supported": "engine.unsupported",
  "bad-request": "worker.protocol",
};

const RAISED_HINTS: Partial<Record<WorkerFailure["kind"], string>> = {
  "out-of-memory": OUT_OF_MEMORY_HINT,
  "not-supported": "change the setting that the engine names, or choose another engine",
};

/** The last line that speaks of an error, else the last line: after the error often comes a trace. */
function lastWordsOf(tail: string): string {
  const lines = tail.split("\n").slice(-LAST_LINES);
  return (lines.findLast((line) => /error|exception|fatal/i.test(line)) ?? lines.at(-1) ?? "").trim().slice(0, 300);
}

const LAST_LINES = 20;
const OUT_OF_MEMORY_TEXT =
  /\b(MemoryError|OutOfMemoryError|bad_alloc|out of memory|can(no|')t allocate memory|not enough memory|oom-kill)/i;

/** By its last words, or killed while the kernel ended something for want of memory. */
function ranOutOfMemory(outcome: ProcessOutcome): boolean {
  if (OUT_OF_MEMORY_TEXT.test(outcome.stderrTail.split("\n").slice(-LAST_LINES).join("\n"))) return true;
  return wasKilled(outcome) && (outcome.oomKills ?? 0) > 0;
}

/** 137 is how a wrapper, such as a container's, reports SIGKILL. */
const wasKilled = (outcome: ProcessOutcome): boolean => outcome.signal === "SIGKILL" || outcome.exitCode === 137;

const SIGNAL_HINTS: Readonly<Record<string, string>> = {
  SIGILL: "the engine's build uses instructions that this processor lacks; install a build for this processor",
  SIGBUS: "often too little shared memory (/dev/shm), or a model file that was cut while it was in use",
  SIGSEGV: "the engine's native code crashed; another version or build of the engine may not",
  SIGABRT: "the engine's native code gave up; its reason is in the log",
};

function crashHint(outcome: ProcessOutcome): string | undefined {
  if (wasKilled(outcome))
    return "something outside lem killed it: often the limits of a container, or the kernel short of memory";
  return outcome.signal === null ? undefined : SIGNAL_HINTS[outcome.signal];
}
