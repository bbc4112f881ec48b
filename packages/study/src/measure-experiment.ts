import {
  fromSystemError,
  type ConfigGap,
  type Emit,
  type EnvironmentSnapshot,
  type FailureRecord,
  type KeptLoaded,
  type PhaseRecord,
} from "@lem/domain";
import { lemPaths, type Env } from "@lem/engines";
import { makeFolder } from "@lem/engines/make-folder";
import { measure, openProcessTreeMemory, PhaseClock, type Measurement } from "@lem/harness";
import { configGaps } from "./config-gaps.ts";
import { failureRecord } from "./failure.ts";
import type { PreparedExperiment } from "./prepare.ts";
import type { RawResultPaths } from "./results/layout.ts";
import { RunEngine, type RunExchange } from "./run-engine.ts";
import { stopReason } from "./stop-reason.ts";

/** What a measured or failed experiment left in memory. */
export interface MeasuredExperiment {
  readonly measurement: Measurement | null;
  readonly failure: FailureRecord | null;
  readonly phases: readonly PhaseRecord[];
  readonly environment: EnvironmentSnapshot;
  /** What the engine did to the configuration that no rule foresaw. */
  readonly configGaps: readonly ConfigGap[];
  /** The run that loaded the engine, where it was an earlier one. */
  readonly keptLoaded: KeptLoaded | null;
}

/** What measuring works with. */
export interface MeasureExperimentOptions {
  readonly env: Env;
  readonly cwd: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly paths: RawResultPaths;
  /** Told when the engine's process runs. */
  readonly onSpawn?: (pid: number) => void;
  /** Loaded engines that go from run to run; each has its own when left out. */
  readonly engines?: RunExchange;
}

/**
 * Starts the engine, or takes over that of the run before, measures, and turns any failure into its record. The engine is
 * gone when this returns, unless it was left to the next run.
 */
export async function measureExperiment(
  prepared: PreparedExperiment,
  options: MeasureExperimentOptions,
): Promise<MeasuredExperiment> {
  const { paths, env, cwd, emit, signal } = options;
  await makeFolder(paths.folder).catch((error: unknown) => {
    throw fromSystemError(error, `creating ${paths.folder}`);
  });
  const phases = new PhaseClock(emit);
  const engine = new RunEngine(prepared, { ...options, log: paths.log });
  const outcome = await attempt(() =>
    measure({
      ...prepared,
      openSession: () => engine.start(),
      engines: engine,
      openMemorySampler: openProcessTreeMemory,
      idleCache: lemPaths(env).idlePower,
      phases,
      emit,
      signal,
      cwd,
    }),
  );
  const stopped = stopReason(outcome.error ?? outcome.measurement?.stopped ?? null, signal);
  const phase = phases.failedIn ?? phases.records.at(-1)?.phase ?? "start";
  return {
    measurement: outcome.measurement,
    failure: stopped === null ? null : failureRecord(stopped, phase, engine.logTail()),
    configGaps: configGaps(prepared, { said: engine.said, stopped, measurement: outcome.measurement }),
    phases: phases.records,
    environment: await engine.environment(),
    keptLoaded: engine.keptLoaded,
  };
}

type Attempt = { readonly measurement: Measurement | null; readonly error: unknown };

const attempt = (work: () => Promise<Measurement>): Promise<Attempt> =>
  work().then(
    (measurement) => ({ measurement, error: null }),
    (error: unknown) => ({ measurement: null, error }),
  );
