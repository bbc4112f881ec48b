import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import { freeBytes } from "@lem/engines/host";
import { readRawResults } from "../aggregate/read-raw.ts";
import { admit, afterRun, CLOSED_BREAKER, tried, type Breaker } from "../breaker/breaker.ts";
import type { JobEnd } from "../executor/executor.ts";
import { noteOf } from "../manifest/failure-note.ts";
import type { FailureNote } from "../manifest/manifest.ts";
import type { EntryStep } from "../manifest/transition.ts";
import { isPrecise } from "./precision.ts";
import { monotonicS, now, type StudyAtWork } from "./study-at-work.ts";

/** What ends a run's turn before it starts: it is not needed, or given up. */
type Refusal = Extract<EntryStep, { readonly type: "unneed" | "skip" }>;

/** Decides which runs get their turn: not those that nobody needs, whose engine keeps failing, or whose time is over. */
export class Admission {
  readonly #at: StudyAtWork;
  /** When the study would have begun, had it been at work without a break. */
  readonly #began: number;
  #breaker: Breaker = CLOSED_BREAKER;

  /** Asked before anything is recovered, while the manifest says how long earlier runs took. */
  constructor(at: StudyAtWork) {
    this.#at = at;
    this.#began = monotonicS() - workedS(at);
  }

  /** Why a run does not get its turn; undefined when it does. Waits where an engine must cool down first. */
  async refusal(slot: number): Promise<Refusal | undefined> {
    if (await this.#isPreciseBefore(slot)) return { type: "unneed", at: now() };
    const given = await this.#givenUp(slot);
    return given === null ? undefined : { type: "skip", at: now(), failure: noteOf(given) };
  }

  /** Why no run can start; null when one can. */
  async roomProblem(): Promise<FailureNote | null> {
    const { plan, study } = this.#at;
    const needed = plan.execution.min_free_mib;
    const free = await freeBytes(study.folder);
    if (free >= needed * 2 ** 20) return null;
    const message = `${(free / 2 ** 20).toFixed(1)} MiB are free at ${study.folder}, ${needed} MiB must be`;
    const hint = "free some space and resume the study, or lower execution.min_free_mib";
    return noteOf(new LemError("io.disk-full", message, { hint }));
  }

  /** A run is about to start. */
  starts(slot: number): void {
    this.#breaker = tried(this.#breaker, this.#engineOf(slot));
  }

  /** A run has ended. */
  ended(slot: number, { failure }: JobEnd): void {
    const run = { engine: this.#engineOf(slot), code: failure?.code ?? null };
    this.#breaker = afterRun(this.#breaker, run, this.#breakerAt());
  }

  #engineOf(slot: number): Parameters<typeof tried>[1] {
    return this.#at.runs.pointAt(slot).engine;
  }

  /** Whether the cycles before a run made its experiment precise enough. */
  async #isPreciseBefore(slot: number): Promise<boolean> {
    const { plan, runs, study } = this.#at;
    const { stop } = plan.execution;
    const { experiment_id: id, cycle } = runs.at(slot);
    if (stop === null || cycle <= stop.min_cycles) return false;
    return isPrecise(await readRawResults(study.folder, id), stop);
  }

  async #givenUp(slot: number): Promise<LemError | null> {
    const { hours } = this.#at.plan.execution.budget;
    if (hours !== null && monotonicS() - this.#began >= hours * 3600)
      return new LemError("study.budget", `the ${hours} h of the study are over`);
    const engine = this.#engineOf(slot);
    const admission = admit(this.#breaker, engine, this.#breakerAt());
    if (admission.verdict === "wait") await this.#coolDown(admission);
    if (admission.verdict !== "skip") return null;
    const message = `${engine} failed ${admission.failures} times in a row with ${admission.code}`;
    return new LemError("study.breaker", message, { hint: "mend it, then: lem run --resume" });
  }

  async #coolDown({ seconds, code }: { readonly seconds: number; readonly code: string }): Promise<void> {
    const { emit, signal } = this.#at;
    emit({ type: "waiting", reason: "cooldown", detail: `too many failures with ${code}`, seconds });
    await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }

  #breakerAt(): Parameters<typeof admit>[2] {
    return { settings: this.#at.plan.execution.breaker, now_s: monotonicS() };
  }
}

/** Seconds that the runs of earlier sittings took, as far as the manifest says. */
function workedS({ study, runs }: StudyAtWork): number {
  let seconds = 0;
  for (let slot = 0; slot < runs.length; slot++) {
    const { started_at, finished_at } = study.store.entries.at(slot);
    if (started_at !== null && finished_at !== null)
      seconds += Math.max(0, (Date.parse(finished_at) - Date.parse(started_at)) / 1000);
  }
  return seconds;
}
