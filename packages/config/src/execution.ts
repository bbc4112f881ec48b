/**
 * In which order a study runs: `sequential` all cycles of one experiment before the next one, the others cycle by cycle:
 * as declared, shuffled anew in each, grouped by engine load, or balanced over the cycles.
 */
export type RunOrder = "sequential" | "interleaved" | "shuffled" | "grouped" | "latin-square";

/** Pauses between runs. Those by temperature end early: at the temperature, or at the limit when it is not reached. */
export interface GapSettings {
  /** Seconds between two experiments. */
  readonly experiment_s: number;
  /** Seconds between two cycles, in place of `experiment_s`. */
  readonly cycle_s: number;
  /** Temperature in °C that the GPUs must have fallen to; null: pauses are by time only. */
  readonly until_c: number | null;
  /** Seconds after which the next run starts although the GPUs are hotter. */
  readonly limit_s: number;
}

/** When an experiment has been repeated often enough. */
export interface StoppingSettings {
  /** Tag of the metric whose interval decides: `energy.joules_per_output_token`. */
  readonly metric: string;
  /** Half width of its 95 % interval, relative to its mean. */
  readonly within: number;
  /** Cycles that are always run. */
  readonly min_cycles: number;
  /** Cycles after which it ends although the interval is wider. */
  readonly max_cycles: number;
}

/** How a study is executed, fully resolved; a single experiment has the defaults. */
export interface ExecutionSettings {
  readonly cycles: number;
  readonly order: RunOrder;
  /** Seed of `shuffled` and of the first row of `latin-square`. */
  readonly seed: number;
  readonly gap: GapSettings;
  /** True: before each run the engine is gone and the GPUs have cooled, and nothing is warmed up. */
  readonly force_cold_start: boolean;
  /** True: a loaded engine serves the next run of the same cycle, where that differs in its requests only. */
  readonly keep_loaded: boolean;
  /** Seconds that one run may take, loading included; null: no limit beyond those of `measurement.timeouts`. */
  readonly timeout_s: number | null;
  readonly retries: {
    /** How often a failed run is tried again. */
    readonly times: number;
    /** Error codes that are tried again; empty: those that may pass by themselves. */
    readonly codes: readonly string[];
  };
  readonly breaker: {
    /** Failures in a row, of one engine or of one code, after which it is not tried again; 0: never. */
    readonly failures: number;
    /** Seconds after which one run is tried again. */
    readonly cooldown_s: number;
  };
  /** Free space that must be left before a run starts. */
  readonly min_free_mib: number;
  readonly stop: StoppingSettings | null;
  readonly budget: {
    /** Runs (experiments × cycles) at most; beyond it a seeded sample of the experiments runs. */
    readonly runs: number | null;
    /** Hours after which no further run starts. */
    readonly hours: number | null;
  };
}
