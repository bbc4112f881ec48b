import { setTimeout as sleep } from "node:timers/promises";
import { isLemError, LemError, type Emit } from "@lem/domain";
import { freeBytes } from "@lem/engines/host";
import { readRawResults } from "../aggregate/read-raw.ts";
import { storeAggregate } from "../aggregate/store-aggregate.ts";
import { admit, afterRun, CLOSED_BREAKER, tried, type Breaker } from "../breaker/breaker.ts";
import type { Executor, ExperimentJob, JobEnd } from "../executor/executor.ts";
import { noteOf } from "../manifest/failure-note.ts";
import type { EntryStatus, FailureNote } from "../manifest/manifest.ts";
import { restBetween } from "../rest/rest.ts";
import type { LateWork } from "./late-work.ts";
import type { OpenStudy, StudyAtHand } from "./open-study.ts";
import { isPrecise } from "./precision.ts";
import { isTriedAgain } from "./retries.ts";

/** A study with where its experiments run. */
export interface StudyAtWork extends StudyAtHand {
  readonly study: OpenStudy;
  readonly executor: Executor;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Begun whenever an engine starts. */
  readonly late: LateWork;
}

/** Failures after which nothing else can be stored either. */
const NO_ROOM: readonly string[] = ["io.disk-full", "io.permission"];

const now = (): string => new Date().toISOString();
/** Seconds on CLOCK_MONOTONIC. */
const monotonicS = (): number => performance.now() / 1000;

/** Gives every run its turn, in their order; each step is on disk before the next. */
export class StudyLoop {
  readonly #at: StudyAtWork;
  readonly #began = monotonicS();
  #breaker: Breaker = CLOSED_BREAKER;
  #last: number | undefined;
  #runs = 0;
  #runSeconds = 0;

  constructor(at: StudyAtWork) {
    this.#at = at;
  }

  /**
   * Brings back what earlier processes left: a result that was stored counts, whatever else began is to run again.
   * @throws LemError `io.*`
   */
  async recover(): Promise<void> {
    const last = this.#lastFinished();
    if (last !== undefined) this.#aggregateLater(last);
    for (let slot = 0; slot < this.#at.runs.length; slot++) {
      if (this.#statusOf(slot) === "running") await this.#recoverRun(slot);
      if (["failed", "interrupted", "skipped"].includes(this.#statusOf(slot))) await this.#reopen(slot);
    }
  }

  /** Runs what is pending. @returns why it ended before every run had its turn; null otherwise @throws LemError `io.*` */
  async run(): Promise<FailureNote | null> {
    for (let slot = 0; slot < this.#at.runs.length; slot++) {
      if (this.#statusOf(slot) !== "pending") continue;
      const stop = await this.#turn(slot);
      if (stop !== null) return stop;
    }
    return null;
  }

  /** The aggregate of an experiment over all that is stored of it. */
  #aggregateLater(id: string): void {
    const { late, study } = this.#at;
    late.add(() => storeAggregate(study.folder, id));
  }

  /** The experiment whose aggregate the process before may not have come to. */
  #lastFinished(): string | undefined {
    const { study, runs } = this.#at;
    let [last, latest] = [-1, ""];
    for (let slot = 0; slot < runs.length; slot++) {
      const { stored, finished_at } = study.store.entries.at(slot);
      if (stored && finished_at !== null && finished_at > latest) [last, latest] = [slot, finished_at];
    }
    return last < 0 ? undefined : runs.at(last).experiment_id;
  }

  async #recoverRun(slot: number): Promise<void> {
    const { study, executor, runs } = this.#at;
    const { experiment_id: id, cycle } = runs.at(slot);
    const result = await executor.collect({ study: study.folder, at: { id, cycle, rank: 0 } });
    if (result === undefined) return await this.#reopen(slot);
    const failure = result.failure === null ? {} : { failure: noteOf(result.failure) };
    const { status, finished_at: at } = result;
    await study.store.commit({ type: "finish", slot, at, status, stored: true, ...failure });
    this.#aggregateLater(id);
  }

  /** One run's turn. @returns why the study must stop; null when it may go on */
  async #turn(slot: number): Promise<FailureNote | null> {
    const { engine } = this.#at.runs.pointAt(slot);
    if (await this.#isPreciseBefore(slot)) {
      await this.#at.study.store.commit({ type: "unneed", slot, at: now() });
      return null;
    }
    const given = await this.#givenUp(slot);
    if (given !== null) {
      await this.#at.study.store.commit({ type: "skip", slot, at: now(), failure: noteOf(given) });
      return null;
    }
    await this.#rest(slot);
    if (this.#at.signal.aborted) return interruption();
    const full = await this.#roomProblem();
    if (full !== null) return full;
    this.#breaker = tried(this.#breaker, engine);
    const end = await this.#withRetries(slot);
    if (end.status === "interrupted") return end.failure ?? interruption();
    this.#breaker = afterRun(this.#breaker, { engine, code: end.failure?.code ?? null }, this.#breakerAt());
    return this.#stops(end) ? (end.failure ?? null) : null;
  }

  /** The pause after the run before, if this process made one. */
  async #rest(slot: number): Promise<void> {
    const { executor, runs, plan, signal } = this.#at;
    if (this.#last === undefined || signal.aborted) return;
    await executor.rest(restBetween(runs.slotAt(this.#last), runs.slotAt(slot), plan.execution), signal);
  }

  /** Whether the cycles before a run made its experiment precise enough. */
  async #isPreciseBefore(slot: number): Promise<boolean> {
    const { plan, runs, study } = this.#at;
    const { stop } = plan.execution;
    const { experiment_id: id, cycle } = runs.at(slot);
    if (stop === null || cycle <= stop.min_cycles) return false;
    return isPrecise(await readRawResults(study.folder, id), stop);
  }

  /** Why a run does not get its turn; waits where an engine must cool down first. */
  async #givenUp(slot: number): Promise<LemError | null> {
    const { plan, runs } = this.#at;
    const { hours } = plan.execution.budget;
    if (hours !== null && monotonicS() - this.#began >= hours * 3600)
      return new LemError("study.budget", `the ${hours} h of the study are over`);
    const { engine } = runs.pointAt(slot);
    const admission = admit(this.#breaker, engine, this.#breakerAt());
    if (admission.verdict === "wait") await this.#coolDown(admission);
    if (admission.verdict !== "skip") return null;
    const message = `${engine} failed ${admission.failures} times in a row with ${admission.code}`;
    return new LemError("study.breaker", message, { hint: "mend it, then: lem run --resume" });
  }

  /** A threshold of one stops the study at the first failure, and so does a disk that takes nothing more. */
  #stops({ failure, stored }: JobEnd): boolean {
    if (failure === undefined) return false;
    return this.#at.plan.execution.breaker.failures === 1 || (!stored && NO_ROOM.includes(failure.code));
  }

  async #withRetries(slot: number): Promise<JobEnd> {
    const { retries } = this.#at.plan.execution;
    for (let attempts = 1; ; attempts++) {
      const end = await this.#once(slot);
      if (end.failure === undefined || end.status === "interrupted") return end;
      if (this.#at.signal.aborted || !isTriedAgain(retries, end.failure.code, attempts)) return end;
      await this.#reopen(slot);
    }
  }

  /** One attempt at a run: the manifest says that it runs before it is given away, and how it ended before the next. */
  async #once(slot: number): Promise<JobEnd> {
    const { executor, study, emit } = this.#at;
    const { store } = study;
    const { label, id } = this.#at.runs.pointAt(slot);
    const { cycle } = this.#at.runs.slotAt(slot);
    this.#tellProgress();
    await store.commit({ type: "start", slot, at: now() });
    const attempt = store.entries.at(slot).attempts;
    emit({ type: "run-started", experiment: id, label, cycle, attempt });
    // An engine that is kept does not start: nothing else may work while it does.
    if (this.#at.plan.execution.keep_loaded) await this.#at.late.finish();
    const began = monotonicS();
    const end = await this.#jobFor(slot, attempt)
      .then(async (job) => executor.wait(await executor.submit(job)))
      .catch(untaken);
    const { status, stored, failure } = end;
    await store.commit({ type: "finish", slot, at: now(), status, stored, ...(failure !== undefined && { failure }) });
    if (stored) this.#aggregateLater(id);
    this.#last = slot;
    this.#runs += 1;
    this.#runSeconds += monotonicS() - began;
    return end;
  }

  async #jobFor(slot: number, attempt: number): Promise<ExperimentJob> {
    const { plan, runs, study } = this.#at;
    const point = runs.pointAt(slot);
    const { cycle } = runs.slotAt(slot);
    return {
      name: `${point.id}-c${cycle}-a${attempt}`,
      study: study.folder,
      at: { id: point.id, cycle, rank: 0 },
      resolution: await plan.resolve(point),
      timeout_s: plan.execution.timeout_s,
      keep_loaded: this.#isKeptAfter(slot),
      command: study.command,
    };
  }

  /** Whether the run that comes next could be served by the load of a run; one of another cycle has its own. */
  #isKeptAfter(slot: number): boolean {
    const { plan, runs } = this.#at;
    if (!plan.execution.keep_loaded) return false;
    let next = slot + 1;
    while (next < runs.length && this.#statusOf(next) !== "pending") next += 1;
    if (next >= runs.length || runs.slotAt(next).cycle !== runs.slotAt(slot).cycle) return false;
    return runs.pointAt(next).loadKey === runs.pointAt(slot).loadKey;
  }

  async #coolDown({ seconds, code }: { readonly seconds: number; readonly code: string }): Promise<void> {
    const { emit, signal } = this.#at;
    emit({ type: "waiting", reason: "cooldown", detail: `too many failures with ${code}`, seconds });
    await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }

  async #roomProblem(): Promise<FailureNote | null> {
    const { plan, study } = this.#at;
    const needed = plan.execution.min_free_mib;
    const free = await freeBytes(study.folder);
    if (free >= needed * 2 ** 20) return null;
    const message = `${(free / 2 ** 20).toFixed(1)} MiB are free at ${study.folder}, ${needed} MiB must be`;
    const hint = "free some space and resume the study, or lower execution.min_free_mib";
    return noteOf(new LemError("io.disk-full", message, { hint }));
  }

  #tellProgress(): void {
    const { completed, failed, skipped, pending } = this.#at.study.store.entries.counts;
    const run_seconds = this.#runs === 0 ? null : this.#runSeconds / this.#runs;
    this.#at.emit({ type: "study-progress", completed, failed, skipped, left: pending, run_seconds });
  }

  async #reopen(slot: number): Promise<void> {
    await this.#at.study.store.commit({ type: "reopen", slot });
  }

  #statusOf(slot: number): EntryStatus {
    return this.#at.study.store.entries.statusAt(slot);
  }

  #breakerAt(): Parameters<typeof admit>[2] {
    return { settings: this.#at.plan.execution.breaker, now_s: monotonicS() };
  }
}

const interruption = (): FailureNote => noteOf(new LemError("run.interrupted", "interrupted by the user"));

/** The end of a job that no executor took: what cannot be resolved or submitted fails, and the study goes on. */
function untaken(error: unknown): JobEnd {
  if (!isLemError(error)) throw error;
  return { status: error.code === "run.interrupted" ? "interrupted" : "failed", stored: false, failure: noteOf(error) };
}
