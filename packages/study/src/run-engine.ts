import type { EnvironmentSnapshot, KeptLoaded } from "@lem/domain";
import {
  openSession,
  type ConversationTerms,
  type Env,
  type Requests,
  type SaidOfKeys,
  type WorkerSession,
} from "@lem/engines";
import {
  observeSession,
  takeEnvironmentSnapshot,
  type EngineExchange,
  type KeptEngine,
  type ObservedSession,
} from "@lem/harness";
import { keptLoaded, type EngineKeeper, type HeldEngine, type RunName } from "./executor/engine-keeper.ts";
import type { PreparedExperiment } from "./prepare.ts";
import { lemVersion } from "./version.ts";

/** Seconds an engine may take to greet: importing a large framework from a cold disk is slow. */
const HELLO_S = 180;
/** Seconds for a farewell before force is used. */
const CLOSE_S = 10;

/** What a run's engine is started with. */
export interface RunEngineOptions {
  readonly env: Env;
  readonly cwd: string;
  /** File to which the engine's chatter goes. */
  readonly log: string;
  readonly signal: AbortSignal;
  /** Told when the engine's process runs. */
  readonly onSpawn?: (pid: number) => void;
  /** Loaded engines that go from run to run. */
  readonly engines?: RunExchange;
}

/** How a run exchanges engines with others. */
export interface RunExchange {
  readonly keeper: EngineKeeper;
  readonly run: RunName;
  /** True when the run is to leave its engine to the next. */
  readonly keeps: boolean;
}

/** The engine of one run, started or taken over from an earlier one, and what it said of the user's keys meanwhile. */
export class RunEngine implements EngineExchange {
  readonly keeps: boolean;
  readonly #prepared: PreparedExperiment;
  readonly #options: RunEngineOptions;
  #own: WorkerSession | undefined;
  #observed: ObservedSession | undefined;
  #environment: EnvironmentSnapshot | undefined;
  #taken: HeldEngine | undefined;
  #kept: KeptLoaded | null = null;
  #loadedAt = performance.now();

  constructor(prepared: PreparedExperiment, options: RunEngineOptions) {
    this.#prepared = prepared;
    this.#options = options;
    this.keeps = options.engines?.keeps === true;
  }

  /** Starts the engine. @throws LemError `worker.*`, `io.*`, `run.interrupted` */
  async start(): Promise<WorkerSession> {
    const { env, onSpawn } = this.#options;
    const { adapter, engine } = this.#prepared;
    const token = env["HF_TOKEN"];
    const session = await openSession({
      command: engine.command,
      env,
      engine: adapter.id,
      ...this.#terms(),
      redact: token === undefined || token === "" ? [] : [token],
      ...(onSpawn !== undefined && { onSpawn }),
    });
    this.#loadedAt = performance.now();
    return await this.#listenTo(session);
  }

  async take(wanted: Requests["load"]): Promise<KeptEngine | undefined> {
    const taken = await this.#options.engines?.keeper.take(wanted, this.#terms());
    if (taken === undefined) return undefined;
    this.#taken = taken;
    this.#kept = keptLoaded(taken);
    return { ...taken, session: await this.#listenTo(taken.session) };
  }

  leave(engine: KeptEngine): void {
    const { engines } = this.#options;
    if (engines === undefined || this.#own === undefined) return;
    const { loaded_by, loaded_at } = this.#taken ?? { loaded_by: engines.run, loaded_at: this.#loadedAt };
    engines.keeper.leave({ ...engine, session: this.#own, loaded_by, loaded_at });
  }

  /** The run that loaded the model, where it was an earlier one. */
  get keptLoaded(): KeptLoaded | null {
    return this.#kept;
  }

  get said(): readonly SaidOfKeys[] {
    return this.#observed?.said ?? [];
  }

  logTail(): string {
    return this.#own?.logTail() ?? "";
  }

  /** The machine as it was when the engine was there. */
  async environment(): Promise<EnvironmentSnapshot> {
    return this.#environment ?? (await this.#snapshot({}));
  }

  #terms(): ConversationTerms {
    const { log, signal } = this.#options;
    const { load_s, silence_s } = this.#prepared.experiment.measurement.timeouts;
    const deadlines = { hello_s: HELLO_S, load_s, silence_s, close_s: CLOSE_S };
    return { logPath: log, deadlines, signal };
  }

  async #listenTo(session: WorkerSession): Promise<WorkerSession> {
    this.#own = session;
    this.#observed = observeSession(session);
    this.#environment = await this.#snapshot(session.hello.packages);
    return this.#observed.session;
  }

  #snapshot(packages: Readonly<Record<string, string>>): Promise<EnvironmentSnapshot> {
    const { adapter, engine } = this.#prepared;
    return takeEnvironmentSnapshot({
      engine: { id: adapter.id, version: engine.version, packages },
      lemVersion: lemVersion(),
      repositoryDir: this.#options.cwd,
    });
  }
}
