import type {
  GapRecord,
  LemError,
  PhaseRecord,
  RequestTimeline,
  UnavailableReading,
  WarmupRecord,
  WindowRecord,
} from "@lem/domain";
import type { Replies } from "@lem/engines";
import type { ProcessMemoryUse } from "@lem/engines/host";
import type { Baseline, IdleReuse } from "./energy/baseline.ts";
import type { Recording } from "./energy/recording.ts";
import type { Settling } from "./energy/settling.ts";
import type { DomainEnergy, PowerSample } from "./energy/sampler.ts";
import type { EngineSteps } from "./engine-steps.ts";
import type { PlannedWork } from "./workload/plan.ts";

/** One measured window with all that was recorded in it. */
export interface MeasuredWindow {
  readonly record: WindowRecord;
  /** End of the window on CLOCK_MONOTONIC. */
  readonly end_ns: number;
  readonly timelines: readonly RequestTimeline[];
  readonly reply: Replies["run"];
  /** What the engine did step by step; null when it does not tell. */
  readonly steps: EngineSteps | null;
  readonly memory: ProcessMemoryUse;
  readonly energy: readonly DomainEnergy[] | UnavailableReading;
}

/** A window before its energy was asked for. */
export type WindowWithoutEnergy = Omit<MeasuredWindow, "energy">;

/** What one experiment told, before it is turned into readings. */
export interface Measurement {
  readonly hello: Replies["hello"];
  readonly load: Replies["load"];
  readonly work: PlannedWork;
  /** Null when it failed or was interrupted. */
  readonly warmup: WarmupRecord | null;
  /** Completed windows only. */
  readonly windows: readonly MeasuredWindow[];
  /** Name of the energy sampler, or null without one. */
  readonly sampler: string | null;
  readonly samples: readonly PowerSample[];
  readonly gaps: readonly GapRecord[];
  /** The raw streams of this machine's sensors. */
  readonly recordings: readonly Recording[];
  readonly baselines: readonly Baseline[];
  /** Whether the bare machine's idle power is an earlier run's. */
  readonly reuse: IdleReuse;
  /** How the thermal gate opened; null when the warm-up failed. */
  readonly settling: Settling | null;
  readonly phases: readonly PhaseRecord[];
  /**
   * Why the warm-up or the measured phase ended before its time: an interruption or a failure. The windows before it are
   * whole and stay; the experiment is not completed. Null when all windows were measured.
   */
  readonly stopped: LemError | null;
}
