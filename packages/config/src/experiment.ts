import type { ChangedField } from "./corpus/section.ts";
import type { CorpusRecord, EngineId, JsonObject, JsonValue, Origin } from "@lem/domain";

/** How requests are grouped: fixed groups, groups under a token budget, or fixed groups after sorting by length. */
export type Batching = "static" | "dynamic" | "sorted";

/** Synthetic prompt lengths in tokens; drawn with the workload's seed. */
export type LengthDistribution =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | {
      readonly kind: "lognormal";
      readonly mean: number;
      readonly sigma: number;
      readonly min: number;
      readonly max: number;
    };

/** Where the prompts come from. */
export type PromptSource =
  | { readonly kind: "builtin"; readonly set: string }
  /** A relative path counts from the working directory. */
  | { readonly kind: "file"; readonly path: string; readonly field?: string }
  | { readonly kind: "synthetic"; readonly lengths: LengthDistribution };

/** The work, fully resolved. */
export interface ResolvedWorkload {
  readonly prompts: PromptSource;
  /** Requests a window. */
  readonly n: number;
  /** Inputs are cut to this many tokens. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** True: exactly output_tokens each, end of sequence ignored. */
  readonly pin_output: boolean;
  readonly batching: Batching;
  readonly batch_size: number;
  /** Token budget of a group (input + output) for `dynamic`. */
  readonly max_batch_tokens: number;
  /** Groups in flight at once. */
  readonly concurrency: number;
  readonly seed: number;
}

/** How the work is measured, fully resolved. */
export interface ResolvedMeasurement {
  readonly windows: number;
  readonly warmup: {
    readonly enabled: boolean;
    readonly max_runs: number;
    readonly min_runs: number;
    /** Runs over which the coefficient of variation is taken. */
    readonly window: number;
    readonly target_cv: number;
  };
  readonly energy: {
    readonly sampler: "auto" | "replay" | "none";
    readonly trace: string | null;
    /** Milliseconds between readings of temperatures, clocks and utilisation. */
    readonly interval_ms: number;
    /** Bound on the gain error of the GPUs, by calibration; null: the sensor's own. */
    readonly gain_error: number | null;
  };
  readonly baseline: {
    readonly seconds: number;
    /** Whether the bare machine's idle power may be an earlier run's, and whether that is checked first. */
    readonly strategy: "fresh" | "validated" | "cached";
    readonly max_age_s: number;
  };
  readonly thermal: { readonly gate: boolean; readonly limit_s: number };
  readonly timeouts: { readonly load_s: number; readonly silence_s: number };
}

/** One experiment, fully resolved: what runs, with the origin of every field. */
export interface ResolvedExperiment {
  readonly schema_version: 1;
  readonly name: string;
  readonly engine: EngineId;
  readonly model: string;
  readonly workload: ResolvedWorkload;
  readonly measurement: ResolvedMeasurement;
  /** Native sections of the engine: only keys that the user (or a preset) set. */
  readonly sections: Readonly<Record<string, JsonObject>>;
  /** Dotted paths from the root of the keys in `sections` that came through `extra` and were not checked. */
  readonly unchecked: readonly string[];
  /** Dotted paths from the root of the whole numbers in `sections` that are floats (`1.0`); absent when there are none. */
  readonly floats?: readonly string[];
}

/** A resolved experiment with what must be told about it. */
export interface Resolution {
  readonly experiment: ResolvedExperiment;
  /** Content hash of the resolved experiment without its name. */
  readonly id: string;
  /**
   * Content hash of what the engine makes of it, as far as its rules tell: experiments of one `effective_id` do the
   * same, and a study runs them once.
   */
  readonly effective_id: string;
  /** Given values in whose place the engine puts others. */
  readonly changed: readonly ChangedField[];
  /** The file as parsed, after `extends`. */
  readonly written: JsonValue;
  /** Origin of every leaf, by dotted path. */
  readonly provenance: Readonly<Record<string, Origin>>;
  /** What checked the native sections: the parameter schema, and the engine's rules. */
  readonly corpus: CorpusRecord & { readonly rules: CorpusRecord };
}
