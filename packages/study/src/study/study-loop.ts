import { isLemError, LemError } from "@lem/domain";
import type { JobEnd } from "../executor/executor.ts";
import { noteOf } from "../manifest/failure-note.ts";
import type { FailureNote } from "../manifest/manifest.ts";
import { restBetween } from "../rest/rest.ts";
import { Admission } from "./admission.ts";
import { jobOf } from "./job.ts";
import { aggregateLater } from "./recover.ts";
import { isTriedAgain } from "./retries.ts";
import { monotonicS, now, type StudyAtWork } from "./study-at-work.ts";

/** Failures after which nothing else can be stored either. */
const NO_ROOM: readonly string[] = ["io.disk-full", "io.permission"];

/** Gives every run its turn, in their order; each step is on disk before the next. */
export class StudyLoop {
  readonly #at: StudyAtWork;
  readonly #admission: Admission;
  #last: number | undefined;
  #runs = 0;
  #runSeconds = 0;

  /** Made before anything of the study is recovered. */
  constructor(at: StudyAtWork) {
    this.#at = at;
    this.#admission = new Admission(at);
  }

  /** Runs what is pending. @returns why it ended before every run had its turn; null otherwise @throws LemError `io.*` */
  async run(): Promise<FailureNote | null> {
    const { runs, study } = this.#at;
    for (let slot = 0; slot < runs.length; slot++) {
      if (study.store.entries.statusAt(slot) !== "pending") continue;
      const stop = await this.#turn(slot);
      if (stop !== null) return stop;
    }
    return null;
  }

  /** One run's turn. @returns why the study must stop; null when it may go on */
  async #turn(slot: number): Promise<FailureNote | null> {
    const { study, signal } = this.#at;
    const refusal = await this.#admission.refusal(slot);
    if (refusal !== undefined) {
      await study.store.commit({ ...refusal, slot });
      return null;
    }
    await this.#rest(slot);
    if (signal.aborted) return interruption();
    const full = await this.#admission.roomProblem();
    if (full !== null) return full;
    this.#admission.starts(slot);
    const end = await this.#withRetries(slot);
    if (end.status === "interrupted") return end.failure ?? interruption();
    this.#admission.ended(slot, end);
    return this.#stops(end) ? (end.failure ?? null) : null;
  }

  /** The pause after the run before, if this process made one. */
  async #rest(slot: number): Promise<void> {
    const { executor, runs, plan, signal } = this.#at;
    if (this.#last === undefined || signal.aborted) return;
    await executor.rest(restBetween(runs.slotAt(this.#last), runs.slotAt(slot), plan.execution), signal);
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
      await this.#at.study.store.commit({ type: "reopen", slot });
    }
  }

  /** One attempt at a run: the manifest says that it runs before it is given away, and how it ended before the next. */
  async #once(slot: number): Promise<JobEnd> {
    const { executor, study, emit, runs, plan, late } = this.#at;
    const { store } = study;
    const { label, id } = runs.pointAt(slot);
    const { cycle } = runs.slotAt(slot);
    this.#tellProgress();
    await store.commit({ type: "start", slot, at: now() });
    const attempt = store.entries.at(slot).attempts;
    emit({ type: "run-started", experiment: id, label, cycle, attempt });
    // An engine that is kept does not start, and nothing may work beside it.
    if (plan.execution.keep_loaded) await late.finish();
    const began = monotonicS();
    const end = await jobOf(this.#at, slot, attempt)
      .then(async (job) => executor.wait(await executor.submit(job)))
      .catch(untaken);
    const { status, stored, failure } = end;
    await store.commit({ type: "finish", slot, at: now(), status, stored, ...(failure !== undefined && { failure }) });
    if (stored) aggregateLater(this.#at, id);
    this.#last = slot;
    this.#runs += 1;
    this.#runSeconds += monotonicS() - began;
    return end;
  }

  #tellProgress(): void {
    const { completed, failed, skipped, pending } = this.#at.study.store.entries.counts;
    const run_seconds = this.#runs === 0 ? null : this.#runSeconds / this.#runs;
    this.#at.emit({ type: "study-progress", completed, failed, skipped, left: pending, run_seconds });
  }
}

const interruption = (): FailureNote => noteOf(new LemError("run.interrupted", "interrupted by the user"));

/** The end of a job that no executor took: what cannot be resolved or submitted fails, and the study goes on. */
function untaken(error: unknown): JobEnd {
  if (!isLemError(error)) throw error;
  return { status: error.code === "run.interrupted" ? "interrupted" : "failed", stored: false, failure: noteOf(error) };
}
