import type { EnvironmentSnapshot } from "./environment.ts";
import type { ErrorCode } from "./errors.ts";
import type { Phase } from "./events.ts";
import type { JsonObject, JsonValue } from "./fingerprint.ts";
import type { ConfigGap } from "./gaps.ts";
import type { EngineId } from "./ids.ts";
import type { LatencyReadings } from "./metrics/latency.ts";
import type { ThroughputReadings } from "./metrics/throughput.ts";
import type { Reading } from "./reading.ts";
import type { RepeatsRecord } from "./repeats-record.ts";

/** Version of the result file's layout; older files migrate on read. */
export const RESULT_SCHEMA_VERSION = 1;

/** Where the value of a field came from, strongest first. */
export type Origin = "flag" | "file" | "base" | "preset" | "user-file" | "default";

/** The model that was measured and where its files came from. */
export interface ModelRecord {
  /** As written by the user. */
  readonly requested: string;
  readonly name: string;
  readonly format: "gguf" | "hf-folder";
  readonly path: string;
  readonly source: string;
  readonly revision?: string;
  readonly sha256?: string;
  /** True for random weights: figures of speed only, the text means nothing. */
  readonly synthetic: boolean;
  readonly architecture?: string;
  readonly parameters?: number;
  readonly dtype?: string;
  readonly context_length?: number;
}

/** The configuration in its three states, with the origin of every resolved field. */
export interface ConfigRecord {
  readonly written: JsonValue;
  readonly resolved: JsonObject;
  /** What the engine reported after construction, by native section. */
  readonly effective: JsonObject;
  readonly provenance: Readonly<Record<string, Origin>>;
  /** Dotted paths of keys passed on unchecked through `extra`. */
  readonly unchecked: readonly string[];
  /** The parameter schema that checked the engine's sections, and the engine's rules; older results lack the latter. */
  readonly corpus: CorpusRecord & { readonly rules?: CorpusRecord };
}

/** Whether there were data of the version that ran, or which other version's were taken in their place. */
export interface CorpusRecord {
  readonly status: "exact" | "other-version" | "missing";
  readonly version?: string;
}

/** The work that was asked for, enough to repeat it. */
export interface WorkloadRecord {
  readonly source: string;
  readonly requests: number;
  readonly batching: string;
  readonly batch_size: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly pinned_output: boolean;
  /** SHA-256 over the input token ids of every request: results with other ids are not comparable. */
  readonly input_ids_sha256: string;
  readonly windows: number;
}

/** Exact token counts over all measured windows. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
}

/** How the warm-up ended. */
export interface WarmupRecord {
  readonly status: "converged" | "not-reached" | "skipped";
  readonly runs: number;
  readonly limit: number;
  readonly target_cv: number;
  readonly cv: Reading;
  readonly run_seconds: readonly number[];
}

/** One measured window. */
export interface WindowRecord {
  /** Number of the window, from 1. */
  readonly window: number;
  readonly origin_ns: number;
  readonly length_s: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly completed: number;
  readonly cpu_s: number | null;
  /** Whether its load was steady; results of before it was judged lack it. */
  readonly steady?: SteadyRecord;
}

/** Why no steady state was found in a window; a closed list, so that programs can branch on it. */
export const UNSTEADY_REASONS = ["too-short", "no-token-times", "no-plateau", "level-shift"] as const;
/** One reason of {@link UNSTEADY_REASONS}. */
export type UnsteadyReason = (typeof UNSTEADY_REASONS)[number];

/** What a steady state is judged by. */
export const LOAD_SERIES = ["tokens", "requests", "power"] as const;
/** One of {@link LOAD_SERIES}: output tokens a second, requests in flight, power of all domains. */
export type LoadSeries = (typeof LOAD_SERIES)[number];

/** The steady state of a window's load, in seconds since the window's origin; or why there is none. */
export type SteadyRecord =
  | {
      readonly status: "reached";
      readonly start_s: number;
      readonly end_s: number;
      /** What was judged; power only where it was sampled. */
      readonly series: readonly LoadSeries[];
    }
  | {
      readonly status: "not-reached";
      readonly reason: UnsteadyReason;
      /** Which series was not steady, where it was one. */
      readonly series?: LoadSeries;
      readonly detail: string;
    };

/** A phase with its length. */
export interface PhaseRecord {
  readonly phase: Phase;
  readonly seconds: number;
}

/** A finding of the result's check of itself. */
export interface QualityFinding {
  /** `quality.short-window`, `quality.synthetic-model`, ... */
  readonly code: string;
  readonly severity: "info" | "warn" | "invalid";
  readonly message: string;
  readonly hint?: string;
}

/** What went wrong, for a failed or interrupted experiment. */
export interface FailureRecord {
  readonly phase: Phase;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** The engine's own error, as it said it. */
  readonly engine_error?: { readonly type: string; readonly message: string; readonly traceback?: string };
  /** The end of the engine's log. */
  readonly log_tail: readonly string[];
}

/** Where a gap in a stream of samples was. */
export interface GapRecord {
  readonly kind: "samples";
  readonly stream: string;
  readonly start_ns: number;
  readonly length_s: number;
}

type Readings = Readonly<Record<string, Reading>>;

/** An engine that an earlier run of the study left loaded. */
export interface KeptLoaded {
  /** The run that loaded it. */
  readonly experiment_id: string;
  readonly cycle: number;
  /** How long it had been loaded when this run took it. */
  readonly age_s: number;
}

/** `result.json`: everything one experiment told. */
export interface ExperimentResult {
  readonly schema_version: typeof RESULT_SCHEMA_VERSION;
  readonly lem_version: string;
  readonly experiment_id: string;
  readonly name: string;
  readonly status: "completed" | "failed" | "interrupted";
  readonly started_at: string;
  readonly finished_at: string;
  /** The command that repeats this run. */
  readonly command: readonly string[];
  readonly engine: {
    readonly name: EngineId;
    readonly version: string;
    /** Where the model was, as the engine says; absent when it was never loaded. */
    readonly devices?: readonly string[];
    /** The run that loaded the model, where that was an earlier one than this (`execution.keep_loaded`). */
    readonly kept_loaded?: KeptLoaded;
  };
  readonly model: ModelRecord | null;
  readonly config: ConfigRecord;
  readonly environment: EnvironmentSnapshot;
  readonly workload: WorkloadRecord | null;
  readonly tokens: TokenCounts | null;
  readonly throughput: ThroughputReadings;
  readonly latency: LatencyReadings;
  readonly energy: Readings;
  readonly flops: Readings;
  readonly flops_method: {
    readonly method: string;
    readonly confidence: string;
    /** Reservations, one sentence each. */
    readonly notes: readonly string[];
  } | null;
  readonly memory: Readings;
  readonly utilisation: Readings;
  readonly cache: Readings;
  readonly warmup: WarmupRecord | null;
  readonly baseline: Readings;
  /** How the sources of power behave on this machine; absent in results of before they were watched. */
  readonly sensors?: Readings;
  readonly phases: readonly PhaseRecord[];
  readonly windows: readonly WindowRecord[];
  readonly thermal: Readings;
  /** Figures of the steady part of the windows; older results lack them. */
  readonly steady?: Readings;
  /** Time and energy of the engine's phases, prompts and output; older results lack them. */
  readonly engine_phases?: Readings;
  /** What is missing: samples of a stream, and what the rules did not know of the configuration. */
  readonly gaps: readonly (GapRecord | ConfigGap)[];
  readonly quality: { readonly verdict: "valid" | "suspect" | "invalid"; readonly findings: readonly QualityFinding[] };
  readonly failure: FailureRecord | null;
  /** What the cycles say together; in the aggregate of several raw results only. */
  readonly repeats?: RepeatsRecord;
}
