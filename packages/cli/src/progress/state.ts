import type { LemEvent, Phase } from "@lem/domain";

/** What the live line shows, folded from events. */
export interface ProgressState {
  readonly name: string;
  readonly phase: Phase | null;
  readonly phaseSinceMs: number;
  /** Share of the current piece of work, 0 to 1, where it is known. */
  readonly share: number | null;
  readonly tokensPerSecond: number | null;
  readonly watts: number | null;
  /** Facts of the phase: `run 3 of ≤ 20, CV 4.1 %`. */
  readonly detail: string;
}

/** The state before the first event. */
export const INITIAL_PROGRESS: ProgressState = {
  name: "",
  phase: null,
  phaseSinceMs: 0,
  share: null,
  tokensPerSecond: null,
  watts: null,
  detail: "",
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

type Fold<Type extends LemEvent["type"]> = (
  state: ProgressState,
  event: Extract<LemEvent, { type: Type }>,
  nowMs: number,
) => ProgressState;

const FOLDS: { readonly [Type in LemEvent["type"]]?: Fold<Type> } = {
  "experiment-started": (state, event) => ({ ...state, name: `${event.model} on ${event.engine}` }),
  "phase-started": (state, event, nowMs) => ({
    ...state,
    phase: event.phase,
    phaseSinceMs: nowMs,
    share: null,
    detail: "",
    tokensPerSecond: null,
  }),
  "download-progress": (state, event) => ({
    ...state,
    share: event.total_b === null ? null : event.received_b / event.total_b,
    detail: `${event.name} ${megabytes(event.received_b)}${event.total_b === null ? "" : ` of ${megabytes(event.total_b)}`}`,
  }),
  "install-step": (state, event) => ({ ...state, detail: `${event.step} ${event.detail}` }),
  "warmup-run": (state, event) => ({
    ...state,
    detail: `run ${event.run} of ≤ ${event.limit}${event.cv === null ? "" : `, CV ${(event.cv * 100).toFixed(1)} % → ${(event.target_cv * 100).toFixed(1)} %`}`,
  }),
  tokens: (state, event) => ({
    ...state,
    share: event.total === 0 ? null : event.done / event.total,
    tokensPerSecond: event.tokens_per_second,
    ...(event.window === "warmup" ? {} : { detail: `window ${event.window}` }),
  }),
  power: (state, event) => ({ ...state, watts: event.watts }),
};

/** Folds one event into the state; pure. */
export function foldProgress(state: ProgressState, event: LemEvent, nowMs: number): ProgressState {
  const fold = FOLDS[event.type] as
    | ((state: ProgressState, event: LemEvent, nowMs: number) => ProgressState)
    | undefined;
  return fold === undefined ? state : fold(state, event, nowMs);
}

const BAR = 16;

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
  return `${"█".repeat(full)}${"░".repeat(BAR - full)} ${Math.round(share * 100)} %`;
}

/** Seconds left of the current piece of work, once a tenth of it is done. */
function remaining(state: ProgressState, nowMs: number): string | undefined {
  if (state.share === null || state.share < 0.1 || state.share >= 1) return undefined;
  const elapsed = (nowMs - state.phaseSinceMs) / 1000;
  return `${Math.ceil((elapsed / state.share) * (1 - state.share))} s left`;
}

/** The live line: phase, progress, rate, power now. */
export function progressLine(state: ProgressState, nowMs: number): string {
  const parts = [
    state.name,
    state.phase ?? "",
    state.share === null ? "" : bar(state.share),
    state.detail,
    state.tokensPerSecond === null ? "" : `${state.tokensPerSecond.toFixed(1)} tok/s`,
    state.watts === null ? "" : `${state.watts.toFixed(0)} W`,
    state.phase === "measure" ? (remaining(state, nowMs) ?? "") : "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}
