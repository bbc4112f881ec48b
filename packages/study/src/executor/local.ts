import type { Resolution } from "@lem/config";
import { isAvailable, isLemError, LemError, type Emit, type ExperimentResult, type LemEvent } from "@lem/domain";
import type { Env } from "@lem/engines";
import type { NvmlOpening } from "@lem/engines/host";
import { refuseInterrupted } from "@lem/harness";
import { buildResult } from "../build-result.ts";
import { lockDevices, type DeviceLocks } from "../locks/device-locks.ts";
import { noteOf } from "../manifest/failure-note.ts";
import { measureExperiment } from "../measure-experiment.ts";
import { prepareExperiment, type PreparedExperiment } from "../prepare.ts";
import { hottestGpu } from "../rest/hottest-gpu.ts";
import { takeRest, type Rest } from "../rest/rest.ts";
import { rawResultPaths } from "../results/layout.ts";
import { readResult } from "../results/read.ts";
import { storeResult } from "../results/store.ts";
import { stopReason } from "../stop-reason.ts";
import { lemVersion } from "../version.ts";
import { clearRawFolder, clearTemporary, experimentFolder } from "./attempts.ts";
import { EngineKeeper } from "./engine-keeper.ts";
import type { Executor, ExperimentJob, JobEnd, JobHandle } from "./executor.ts";
import { Preparations } from "./preparations.ts";

/** What running here works with. */
export interface LocalExecutorOptions {
  readonly env: Env;
  readonly cwd: string;
  readonly emit: Emit;
  /** Ends the run at hand in order. */
  readonly signal: AbortSignal;
  readonly command: readonly string[];
  /** Told of every result, of one too that could not be stored. */
  readonly onResult?: ((result: ExperimentResult) => void) | undefined;
  /** Told whenever an engine's process was started. */
  readonly onSpawn?: (() => void) | undefined;
  /** Opens NVML; tests give their own. */
  readonly openNvml?: (() => Promise<NvmlOpening>) | undefined;
}

/** Runs experiments in this process, one after the other, with the devices of this machine for itself. */
export class LocalExecutor implements Executor {
  readonly name = "local";
  readonly #options: LocalExecutorOptions;
  readonly #known = new Preparations();
  readonly #keeper = new EngineKeeper();
  readonly #jobs = new Map<JobHandle, { readonly end: Promise<JobEnd>; readonly controller: AbortController }>();
  /** What {@link refuse} made ready, to be run next. */
  #ready: PreparedExperiment | undefined;
  #devices: DeviceLocks | undefined;
  /** Temperature of the hottest GPU before the study's first run. */
  #start_c: number | undefined;

  constructor(options: LocalExecutorOptions) {
    this.#options = options;
  }

  async refuse(resolution: Resolution): Promise<void> {
    this.#ready = await this.#prepare(resolution, this.#options.signal);
  }

  async open(): Promise<void> {
    this.#devices ??= await lockDevices({ ...this.#options, open: this.#options.openNvml });
    this.#start_c = await this.#hottest();
  }

  submit(job: ExperimentJob): Promise<JobHandle> {
    const controller = new AbortController();
    this.#jobs.set(job.name, { end: this.#run(job, controller), controller });
    return Promise.resolve(job.name);
  }

  async wait(handle: JobHandle): Promise<JobEnd> {
    const job = this.#jobs.get(handle);
    if (job === undefined) throw new LemError("internal.bug", `no job ${handle} was submitted here`);
    const end = await job.end;
    this.#jobs.delete(handle);
    return end;
  }

  cancel(handle: JobHandle, reason: LemError): Promise<void> {
    this.#jobs.get(handle)?.controller.abort(reason);
    return Promise.resolve();
  }

  async collect({ study, at }: Pick<ExperimentJob, "study" | "at">): Promise<ExperimentResult | undefined> {
    return await readResult(rawResultPaths(study, at).result).catch((error: unknown) => {
      if (isLemError(error, "results.not-found") || isLemError(error, "results.invalid")) return undefined;
      throw error;
    });
  }

  async rest(rest: Rest, signal: AbortSignal): Promise<void> {
    const { emit } = this.#options;
    await takeRest(rest, { hottest: () => this.#hottest(), start_c: this.#start_c, emit, signal });
  }

  async close(): Promise<void> {
    for (const { controller, end } of this.#jobs.values()) {
      controller.abort(new LemError("run.interrupted", "the study was closed"));
      await end;
    }
    await this.#keeper.release();
    await this.#devices?.release();
    this.#devices = undefined;
  }

  #hottest(): Promise<number | undefined> {
    return hottestGpu(this.#options.env, this.#options.openNvml);
  }

  /** One job from its preparation to its stored result; whatever goes wrong is its end. */
  async #run(job: ExperimentJob, controller: AbortController): Promise<JobEnd> {
    const { signal } = this.#options;
    const interrupt = (): void => controller.abort(signal.reason);
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    const clock = timeLimit(job.timeout_s, controller);
    try {
      return await this.#measure(job, controller.signal);
    } catch (thrown) {
      const error = stopReason(thrown, controller.signal);
      const known = isLemError(error) ? error : new LemError("internal.bug", String(error), { cause: error });
      const status = known.code === "run.interrupted" ? "interrupted" : "failed";
      return { status, stored: false, failure: noteOf(known) };
    } finally {
      clearTimeout(clock);
      signal.removeEventListener("abort", interrupt);
    }
  }

  async #measure(job: ExperimentJob, signal: AbortSignal): Promise<JobEnd> {
    const { resolution, command, study } = job;
    const { emit } = this.#options;
    emit(startedEvent(job));
    const paths = rawResultPaths(study, job.at);
    const prepared = await this.#prepare(resolution, signal);
    refuseInterrupted(signal);
    await clearRawFolder(paths.folder);
    await clearTemporary(experimentFolder(paths.folder));
    const startedAt = new Date();
    const onSpawn = (pid: number): void => {
      void this.#devices?.noteWorker(pid);
      this.#options.onSpawn?.();
    };
    const name = { experiment_id: job.at.id, cycle: job.at.cycle };
    const engines = { keeper: this.#keeper, run: name, keeps: job.keep_loaded };
    const run = await measureExperiment(prepared, { ...this.#options, signal, paths, onSpawn, engines });
    const record = { resolution, prepared, startedAt, finishedAt: new Date(), command, lemVersion: lemVersion() };
    const result = buildResult({ ...record, ...run });
    this.#options.onResult?.(result);
    await storeResult({ paths, result, measurement: run.measurement });
    emit(finishedEvent(result));
    const { status, failure } = result;
    return { status, stored: true, ...(failure !== null && { failure: noteOf(failure) }) };
  }

  async #prepare({ experiment }: Resolution, signal: AbortSignal): Promise<PreparedExperiment> {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready?.experiment === experiment) return ready;
    const { env, cwd, emit } = this.#options;
    return await prepareExperiment(experiment, { env, cwd, emit, signal, known: this.#known });
  }
}

function startedEvent({ at, resolution }: ExperimentJob): LemEvent {
  const { name, engine, model } = resolution.experiment;
  return { type: "experiment-started", experiment: at.id, name, engine, model };
}

function finishedEvent(result: ExperimentResult): LemEvent {
  const { experiment_id: experiment, status, failure, started_at, finished_at, throughput, energy } = result;
  const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
  const speed = throughput.output_tokens_per_second;
  const cost = energy["joules_per_output_token"];
  return {
    type: "experiment-finished",
    experiment,
    status,
    seconds,
    ...(isAvailable(speed) && { output_tokens_per_second: speed.value }),
    ...(cost !== undefined && isAvailable(cost) && { joules_per_output_token: cost.value }),
    ...(failure !== null && { failure: { code: failure.code, message: failure.message } }),
  };
}

/** The timer counts on CLOCK_MONOTONIC, which neither a clock that is set nor a suspended machine moves. */
function timeLimit(seconds: number | null, controller: AbortController): NodeJS.Timeout | undefined {
  if (seconds === null) return undefined;
  const error = new LemError("run.timeout", `the experiment took longer than ${seconds} s`, {
    hint: "raise execution.timeout, or make the work smaller",
  });
  return setTimeout(() => controller.abort(error), Math.min(seconds * 1000, LONGEST_TIMER_MS));
}
const LONGEST_TIMER_MS = 2 ** 31 - 1;
