import type { LemEvent } from "@lem/domain";
import { durationText } from "../duration-text.ts";
import { finishedText } from "./state.ts";

type Lines = { readonly [Type in LemEvent["type"]]?: (event: Extract<LemEvent, { type: Type }>) => string | undefined };

const LINES: Lines = {
  "study-progress": ({ completed, failed, skipped, left, run_seconds }) => {
    if (completed + failed + skipped + left < 2) return undefined;
    const toGo = run_seconds === null ? "" : `, about ${durationText(run_seconds * left)} to go`;
    return `study: ${completed} done, ${failed} failed, ${left} left${toGo}`;
  },
  "run-started": ({ label, cycle, attempt }) =>
    label === "" ? undefined : `run ${label}, cycle ${cycle}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
  "experiment-finished": (event) => finishedText(event, ""),
  waiting: ({ detail, seconds }) => `waiting${seconds === null ? "" : ` up to ${durationText(seconds)}`}: ${detail}`,
  "experiment-started": (event) => `experiment ${event.experiment}: ${event.model} on ${event.engine}`,
  "phase-finished": (event) => `${event.phase} ${event.seconds.toFixed(2)} s`,
  "model-fallback": (event) =>
    `! ${event.requested} is not to be had here, using ${event.used}: ${event.detail}   ${event.code}`,
  "model-ready": (event) =>
    `model ${event.name} (${event.format}) from ${event.from}${event.synthetic ? ", synthetic weights" : ""}`,
  "install-step": (event) => `${event.engine}: ${event.step} ${event.detail}`.trimEnd(),
  "warmup-run": (event) => {
    const cv = event.cv === null ? "" : `, CV ${(event.cv * 100).toFixed(1)} %`;
    return `warm-up run ${event.run} of at most ${event.limit}: ${event.seconds.toFixed(2)} s${cv}`;
  },
  "window-finished": (event) =>
    `window ${event.window} of ${event.of}: ${event.seconds.toFixed(2)} s, ${event.output_tokens_per_second.toFixed(1)} tok/s`,
  "engine-warning": (event) => `! engine: ${event.message}`,
  problem: (event) => `! ${event.message}   ${event.code}${event.hint === undefined ? "" : `\n  try: ${event.hint}`}`,
};

/** One plain line for an event that tells something by itself; `undefined` for mere progress. */
export function plainLine(event: LemEvent): string | undefined {
  const line = LINES[event.type] as ((event: LemEvent) => string | undefined) | undefined;
  return line?.(event);
}

/** Events that must be seen even when only the live line is shown. */
export const isNotice = (event: LemEvent): boolean => ["model-fallback", "problem", "waiting"].includes(event.type);
