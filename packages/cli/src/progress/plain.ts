import type { LemEvent } from "@lem/domain";

type Lines = { readonly [Type in LemEvent["type"]]?: (event: Extract<LemEvent, { type: Type }>) => string };

const LINES: Lines = {
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
  const line = LINES[event.type] as ((event: LemEvent) => string) | undefined;
  return line?.(event);
}

/** Events that must be seen even when only the live line is shown. */
export const isNotice = (event: LemEvent): boolean => event.type === "model-fallback" || event.type === "problem";
