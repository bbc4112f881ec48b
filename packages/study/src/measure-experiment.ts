import {
  fromSystemError,
  type ConfigGap,
  type Emit,
  type EnvironmentSnapshot,
  type FailureRecord,
  type PhaseRecord,
} from "@lem/domain";
import { lemPaths, openSession, type Env, type SaidOfKeys, type WorkerSession } from "@lem/engines";
import { makeFolder } from "@lem/engines/make-folder";
import {
  measure,
  observeSession,
  openProcessTreeMemory,
  PhaseClock,
  takeEnvironmentSnapshot,
  type Measurement,
  type ObservedSession,
} from "@lem/harness";
import { configGaps } from "./config-gaps.ts";
import { failureRecord } from "./failure.ts";
import type { PreparedExperiment } from "./prepare.ts";
import type { RawResultPaths } from "./results/layout.ts";
import { stopReason } from "./stop-reason.ts";
import { lemVersion } from "./version.ts";

/** Seconds an engine may take to greet: importing a large framework from a cold disk is slow. */
const HELLO_S = 180;
/** Seconds for a farewell before force is used. */
const CLOSE_S = 10;

/** What a measured or failed experiment left in memory. */
export interface MeasuredExperiment {
  readonly measurement: Measurement | null;
  readonly failure: FailureRecord | null;
  readonly phases: readonly PhaseRecord[];
  readonly environment: EnvironmentSnapshot;
  /** What the engine did to the configuration that no rule foresaw. */
  readonly configGaps: readonly ConfigGap[];
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
}

/** Starts the engine, measures, and turns any failure into its record; the engine is gone when this returns. */
export async function measureExperiment(
  prepared: PreparedExperiment,
  options: MeasureExperimentOptions,
): Promise<MeasuredExperiment> {
  await makeFolder(options.paths.folder).catch((error: unknown) => {
    throw fromSystemError(error, `creating ${options.paths.folder}`);
  });
  const phases = new PhaseClock(options.emit);
  let observed: ObservedSession | undefined;
  let environment: EnvironmentSnapshot | undefined;
  const start = async (signal: AbortSignal): Promise<WorkerSession> => {
    observed = observeSession(await startSession(prepared, options, signal));
    environment = await snapshot(prepared, options.cwd, observed.session.hello.packages);
    return observed.session;
  };
  const outcome = await attempt(() =>
    measure({
      ...prepared,
      openSession: start,
      openMemorySampler: openProcessTreeMemory,
      idleCache: lemPaths(options.env).idlePower,
      phases,
      emit: options.emit,
      signal: options.signal,
      cwd: options.cwd,
    }),
  );
  const stopped = stopReason(outcome.error ?? outcome.measurement?.stopped ?? null, options.signal);
  const { said, logTail } = wordsOf(observed);
  const phase = phases.failedIn ?? phases.records.at(-1)?.phase ?? "start";
  return {
    measurement: outcome.measurement,
    failure: stopped === null ? null : failureRecord(stopped, phase, logTail),
    configGaps: configGaps(prepared, { said, stopped, measurement: outcome.measurement }),
    phases: phases.records,
    environment: environment ?? (await snapshot(prepared, options.cwd, {})),
  };
}

const wordsOf = (observed: ObservedSession | undefined): { said: readonly SaidOfKeys[]; logTail: string } =>
  observed === undefined ? { said: [], logTail: "" } : { said: observed.said, logTail: observed.session.logTail() };

type Attempt = { readonly measurement: Measurement | null; readonly error: unknown };

const attempt = (work: () => Promise<Measurement>): Promise<Attempt> =>
  work().then(
    (measurement) => ({ measurement, error: null }),
    (error: unknown) => ({ measurement: null, error }),
  );

function startSession(
  prepared: PreparedExperiment,
  options: MeasureExperimentOptions,
  signal: AbortSignal,
): Promise<WorkerSession> {
  const { timeouts } = prepared.experiment.measurement;
  const token = options.env["HF_TOKEN"];
  return openSession({
    command: prepared.engine.command,
    env: options.env,
    engine: prepared.adapter.id,
    logPath: options.paths.log,
    deadlines: { hello_s: HELLO_S, load_s: timeouts.load_s, silence_s: timeouts.silence_s, close_s: CLOSE_S },
    signal,
    redact: token === undefined || token === "" ? [] : [token],
    ...(options.onSpawn !== undefined && { onSpawn: options.onSpawn }),
  });
}

const snapshot = (
  { adapter, engine }: PreparedExperiment,
  repositoryDir: string,
  packages: Readonly<Record<string, string>>,
): Promise<EnvironmentSnapshot> =>
  takeEnvironmentSnapshot({
    engine: { id: adapter.id, version: engine.version, packages },
    lemVersion: lemVersion(),
    repositoryDir,
  });
