import type { Emit } from "@lem/domain";
import type { ResolvedExperiment } from "@lem/config";
import type { ModelArtifact, WorkerSession } from "@lem/engines";
import type { ProcessMemorySampler } from "@lem/engines/host";
import type { SamplerChoice } from "./energy/sampler.ts";
import type { EngineExchange } from "./kept-engine.ts";
import type { PhaseClock } from "./phase-clock.ts";

/** What {@link measure} works on; whoever calls it has chosen engine, model and sampler. */
export interface MeasureOptions {
  readonly experiment: ResolvedExperiment;
  readonly model: ModelArtifact;
  /** Folder that the relative paths of the experiment count from; the process's own when left out. */
  readonly cwd?: string;
  /** Starts the engine's worker and says hello. */
  readonly openSession: (signal: AbortSignal) => Promise<WorkerSession>;
  /** Hands loaded engines from one experiment to the next; each has its own when left out. */
  readonly engines?: EngineExchange;
  /** Watches the memory of the engine's process, wherever that runs. */
  readonly openMemorySampler: (pid: number) => ProcessMemorySampler;
  readonly sampler: SamplerChoice;
  /** Folder in which the idle power of the bare machine is kept for later runs; none is kept when left out. */
  readonly idleCache?: string;
  /** Times the phases; after a failure it says in which one it happened. */
  readonly phases: PhaseClock;
  readonly emit: Emit;
  /** Ends the experiment: it throws `run.interrupted`, or keeps the windows that are complete. */
  readonly signal: AbortSignal;
}
