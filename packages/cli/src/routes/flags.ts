/** The flags that describe an experiment: the strongest layer of its configuration. */
export type ExperimentFlags = {
  readonly engine?: string;
  readonly model?: string;
  readonly set?: readonly string[];
  readonly json: boolean;
};

/** Flags of `lem run`. */
export type RunFlags = ExperimentFlags & {
  readonly out?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
  readonly resume: boolean;
  readonly adopt: boolean;
};
/** Flags of `lem plan`. */
export type PlanFlags = ExperimentFlags & {
  readonly out?: string;
  readonly why: boolean;
};
/** Flags of a command whose only choice is JSON. */
export type JsonFlags = {
  readonly json: boolean;
};
/** Flags of `lem check`. */
export type CheckFlags = ExperimentFlags & {
  readonly ndjson: boolean;
  readonly engineVersion?: string;
  readonly profile?: string;
};
/** Flags of `lem flops`. */
export type FlopsFlags = JsonFlags & {
  readonly input: number;
  readonly output: number;
  readonly batch: number;
};
/** Flags of `lem engines install`. */
export type InstallFlags = JsonFlags & {
  readonly variant?: "cpu" | "cuda" | "vulkan";
  readonly version?: string;
  readonly yes: boolean;
};
/** Flags of `lem engines diff`. */
export type EngineDiffFlags = JsonFlags & {
  readonly profile?: string;
};
/** Flags of `lem results list|show`. */
export type ResultsFlags = JsonFlags & {
  readonly out?: string;
  readonly verbose: boolean;
};

/** Flags of `lem models pull`. */
export type PullFlags = JsonFlags & { readonly engine?: string };

/** Flags of `lem invariants list|explain`. */
export type InvariantFlags = JsonFlags & { readonly engine?: string; readonly engineVersion?: string };

/** Flags of `lem engines params`. */
export type ParamsFlags = JsonFlags & { readonly engineVersion?: string; readonly results?: string };

/** Flags of `lem config init`. */
export type ConfigInitFlags = { readonly engine?: string; readonly engineVersion?: string; readonly all: boolean };

/** Flags of `lem study status|watch`. */
export type StudyFlags = JsonFlags & { readonly out?: string };

/** Flags of `lem schedule`. */
export type ScheduleFlags = ExperimentFlags & {
  readonly out?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly cron?: string;
  readonly at?: readonly string[];
  readonly timezone?: string;
  readonly for?: string;
  readonly times?: number;
  readonly status?: string;
};
