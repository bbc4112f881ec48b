import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { UnavailableReason } from "@lem/domain";
import { exitWithoutThreads } from "./hung-thread.ts";

/** What a sampling thread is told: each question is answered once, `stop` by its end. */
export type ToThread =
  | { readonly type: "ask"; readonly id: number; readonly question: string }
  | { readonly type: "stop" };

/** What a sampling thread says. */
export type FromThread<B, A> =
  | { readonly type: "started"; readonly about: A }
  | { readonly type: "failed"; readonly reason: UnavailableReason; readonly detail: string }
  | { readonly type: "batch"; readonly batch: B }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown };

/** How a thread began. */
export type ThreadStart<A> =
  | { readonly status: "started"; readonly about: A }
  | { readonly status: "failed"; readonly reason: UnavailableReason; readonly detail: string };

/** What a thread is made of. */
export interface ThreadParts<B> {
  /** Its program. */
  readonly entry: URL;
  readonly data: unknown;
  readonly onBatch: (batch: B) => void;
}

/** Milliseconds that a thread may take to answer before it is taken for lost. */
const ANSWER_MS = 3000;
const START_MS = 30_000;

/** A thread that reads sensors, apart from the loop that issues requests; `B` is a batch, `A` what it says at its start. */
export class SamplingThread<B, A> {
  readonly #worker: Worker;
  readonly #onBatch: (batch: B) => void;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  readonly #begun = Promise.withResolvers<ThreadStart<A>>();
  #questions = 0;
  #lost: string | null = null;
  #stopped = false;

  constructor({ entry, data, onBatch }: ThreadParts<B>) {
    this.#onBatch = onBatch;
    this.#worker = new Worker(entry, { workerData: data, stdin: false });
    this.#worker.unref();
    this.#worker.on("message", (message: FromThread<B, A>) => this.#receive(message));
    this.#worker.on("error", (error) => this.#lose(error instanceof Error ? error.message : String(error)));
    this.#worker.on("exit", () => this.#lose("the sampling thread ended"));
  }

  /** Why the thread samples no more, or null while it does. */
  get lost(): string | null {
    return this.#lost;
  }

  /** Waits until the first readings were taken. */
  async started(): Promise<ThreadStart<A>> {
    const late = await within(START_MS, this.#begun.promise);
    return late ?? { status: "failed", reason: "read-failed", detail: "the sampling thread does not start" };
  }

  /** What the thread answers to a question; undefined when it does not, and is lost from then on. */
  async ask(question: string): Promise<unknown> {
    if (this.#lost !== null || this.#stopped) return undefined;
    const id = ++this.#questions;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    this.#post({ type: "ask", id, question });
    const value = await within(ANSWER_MS, answer);
    this.#waiting.delete(id);
    if (value !== undefined || this.#lost !== null) return value;
    this.#lose("the sampling thread does not answer");
    await exitWithoutThreads();
    return undefined;
  }

  /** Has the thread read a last time and ends it; may be called twice. A thread that hangs in a call is left behind. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#lost === null) {
      const ended = new Promise<true>((resolve) => this.#worker.once("exit", () => resolve(true)));
      this.#post({ type: "stop" });
      await within(ANSWER_MS, ended);
    }
    const ended = await within(
      ANSWER_MS,
      this.#worker.terminate().then(() => true),
    );
    if (ended !== undefined) return;
    // Ending a thread holds this process until it has ended.
    this.#worker.unref();
    await exitWithoutThreads();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromThread<B, A>): void {
    switch (message.type) {
      case "started":
        this.#begun.resolve({ status: "started", about: message.about });
        break;
      case "failed":
        this.#begun.resolve({ status: "failed", reason: message.reason, detail: message.detail });
        break;
      case "batch":
        this.#onBatch(message.batch);
        break;
      case "answer":
        this.#waiting.get(message.id)?.(message.value);
        break;
    }
  }

  #lose(why: string): void {
    if (this.#stopped) return;
    this.#lost ??= why;
    this.#begun.resolve({ status: "failed", reason: "read-failed", detail: why });
    for (const answered of this.#waiting.values()) answered(undefined);
  }
}

/** What a promise gives, or undefined when it takes longer. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: done.signal }).catch(() => undefined);
  return Promise.race([promise, late]).finally(() => done.abort());
}
