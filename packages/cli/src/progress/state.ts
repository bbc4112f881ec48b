import type { LemEvent, Phase } from "@lem/domain";
import { durationText } from "../duration-text.ts";

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
  /** Axis values of the run at hand, with its cycle. */
  readonly label: string;
  readonly study: StudyProgress | null;
  /** The run that ended last. */
  readonly last: string;
}

/** How far a study came. */
interface StudyProgress {
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly left: number;
  readonly runSeconds: number | null;
  readonly runSinceMs: number;
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
  label: "",
  study: null,
  last: "",
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

type Fold<Type extends LemEvent["type"]> = (
  state: ProgressState,
  event: Extract<LemEvent, { type: Type }>,
  nowMs: number,
) => ProgressState;

/** A single experiment is a study too, of which nobody wants to hear. */
const isStudy = ({ completed, failed, skipped, left }: Omit<StudyProgress, "runSeconds" | "runSinceMs">): boolean =>
  completed + failed + skipped + left > 1;

const FOLDS: { readonly [Type in LemEvent["type"]]?: Fold<Type> } = {
  "experiment-started": (state, event) => ({ ...state, name: `${event.model} on ${event.engine}` }),
  "study-progress": (state, { run_seconds: runSeconds, completed, failed, skipped, left }, nowMs) => {
    const counts = { completed, failed, skipped, left };
    return { ...state, study: isStudy(counts) ? { ...counts, runSeconds, runSinceMs: nowMs } : null };
  },
  "run-started": (state, { label, cycle, attempt }) => {
    const again = attempt > 1 ? [`attempt ${attempt}`] : [];
    return { ...state, label: [label, ...(cycle > 1 ? [`cycle ${cycle}`] : []), ...again].filter(Boolean).join(" ") };
  },
  "experiment-finished": (state, event) => ({ ...state, last: finishedText(event, state.label) }),
  waiting: (state, { detail }) => ({ ...state, phase: null, share: null, tokensPerSecond: null, detail }),
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

type Finished = Extract<LemEvent, { type: "experiment-finished" }>;

/** `batch_size=4: 142.1 tok/s, 0.0852 J/token, 41 s` */
export function finishedText(event: Finished, label: string): string {
  const { status, seconds, failure } = event;
  const parts = [
    status === "completed" ? undefined : `${status}${failure === undefined ? "" : ` (${failure.code})`}`,
    event.output_tokens_per_second === undefined ? undefined : `${event.output_tokens_per_second.toFixed(1)} tok/s`,
    event.joules_per_output_token === undefined
      ? undefined
      : `${event.joules_per_output_token.toPrecision(3)} J/output token`,
    seconds === undefined ? undefined : durationText(seconds),
  ];
  const said = parts.filter((part) => part !== undefined).join(", ");
  return `${label === "" ? event.experiment : label}: ${said === "" ? status : said}`;
}

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

/** What is drawn in place: the run at hand, and of a study how far it came and what ended last. */
export function progressLines(state: ProgressState, nowMs: number): readonly string[] {
  const { study, last } = state;
  if (study === null) return [progressLine(state, nowMs)];
  const lines = [progressLine(state, nowMs), studyLine(study, nowMs)];
  return last === "" ? lines : [...lines, `last: ${last}`];
}

function studyLine({ completed, failed, skipped, left, runSeconds, runSinceMs }: StudyProgress, nowMs: number): string {
  const total = completed + failed + skipped + left;
  const parts = [
    `${completed} of ${total} runs done`,
    failed === 0 ? "" : `${failed} failed`,
    skipped === 0 ? "" : `${skipped} given up`,
    `${left} left`,
    runSeconds === null
      ? ""
      : `about ${durationText(Math.max(0, runSeconds * left - (nowMs - runSinceMs) / 1000))} to go`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** The live line: phase, progress, rate, power now. */
export function progressLine(state: ProgressState, nowMs: number): string {
  const parts = [
    state.name,
    state.study === null ? "" : state.label,
    state.phase ?? "",
    state.share === null ? "" : bar(state.share),
    state.detail,
    state.tokensPerSecond === null ? "" : `${state.tokensPerSecond.toFixed(1)} tok/s`,
    state.watts === null ? "" : `${state.watts.toFixed(0)} W`,
    state.phase === "measure" ? (remaining(state, nowMs) ?? "") : "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}
