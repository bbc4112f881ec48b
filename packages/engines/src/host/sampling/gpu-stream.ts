import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { UnavailableReason } from "@lem/domain";
import type { Batch } from "./batch.ts";

/** Milliseconds between two readings; null: not read. */
export interface GpuCadence {
  readonly drain_ms: number;
  readonly counter_ms: number | null;
  readonly gauges_ms: number | null;
  /** The instantaneous and the averaged power, for comparisons only. */
  readonly power_fields_ms: number | null;
}

/** How a GPU is sampled in a run: the driver's ring holds 2.4 s; a tick of the counter costs two or three reads of 4 ms. */
export const RUN_CADENCE: GpuCadence = { drain_ms: 1000, counter_ms: 2000, gauges_ms: 500, power_fields_ms: null };

/** What a stream is started with. */
export interface GpuStreamOptions {
  /** The GPU's NVML index. */
  readonly gpu: number;
  readonly cadence: GpuCadence;
}

/** What the thread is told. */
export type ToStream = { readonly type: "flush"; readonly id: number } | { readonly type: "stop" };
/** What the thread says. */
export type FromStream =
  | { readonly type: "started" | "stopped" }
  | { readonly type: "failed"; readonly reason: UnavailableReason; readonly detail: string }
  | { readonly type: "batch"; readonly batch: Batch; readonly flush: number | null };

/** How a stream began. */
export type StreamStart =
  | { readonly status: "started" }
  | { readonly status: "failed"; readonly reason: UnavailableReason; readonly detail: string };

/** Milliseconds that a thread may take to answer before it is taken for lost. */
const ANSWER_MS = 3000;
const START_MS = 30_000;

const THREAD = new URL(import.meta.url.endsWith(".ts") ? "./gpu-thread.ts" : "./gpu-thread.js", import.meta.url);

/** The sampling of one GPU on a thread of its own. */
export class GpuStream {
  readonly #worker: Worker;
  readonly #onBatch: (batch: Batch) => void;
  readonly #waiting = new Map<number, () => void>();
  #flushes = 0;
  #lost: string | null = null;
  #stopped = false;

  constructor(options: GpuStreamOptions, onBatch: (batch: Batch) => void) {
    this.#onBatch = onBatch;
    this.#worker = new Worker(THREAD, { workerData: options, stdin: false });
    this.#worker.unref();
    this.#worker.on("message", (message: FromStream) => this.#receive(message));
    this.#worker.on("error", (error) => this.#lose(error instanceof Error ? error.message : String(error)));
    this.#worker.on("exit", () => this.#lose("the sampling thread ended"));
  }

  /** Why the thread samples no more, or null while it does. */
  get lost(): string | null {
    return this.#lost;
  }

  /** Waits until the first readings were taken. */
  async started(): Promise<StreamStart> {
    const deadline = AbortSignal.timeout(START_MS);
    try {
      for (;;) {
        const [message] = (await once(this.#worker, "message", { signal: deadline })) as [FromStream];
        if (message.type === "started") return { status: "started" };
        if (message.type === "failed") return { status: "failed", reason: message.reason, detail: message.detail };
      }
    } catch (error) {
      return {
        status: "failed",
        reason: "read-failed",
        detail: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Has the ring drained now; false when the thread does not answer. */
  async flush(): Promise<boolean> {
    if (this.#lost !== null || this.#stopped) return false;
    const id = ++this.#flushes;
    const answer = new Promise<boolean>((resolve) => this.#waiting.set(id, () => resolve(true)));
    this.#post({ type: "flush", id });
    const answered = await within(ANSWER_MS, answer);
    this.#waiting.delete(id);
    if (!answered) this.#lose("the sampling thread does not answer");
    return answered && this.#lost === null;
  }

  /** Drains the ring a last time and ends the thread; may be called twice. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#lost === null) {
      const ended = once(this.#worker, "exit").then(() => true);
      this.#post({ type: "stop" });
      await within(ANSWER_MS, ended);
    }
    await this.#worker.terminate();
  }

  #post(message: ToStream): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromStream): void {
    if (message.type !== "batch") return;
    this.#onBatch(message.batch);
    if (message.flush !== null) this.#waiting.get(message.flush)?.();
  }

  #lose(why: string): void {
    if (this.#stopped) return;
    this.#lost ??= why;
    for (const answered of this.#waiting.values()) answered();
  }
}

/** What a promise gives, or false when it takes longer. */
async function within(milliseconds: number, promise: Promise<boolean>): Promise<boolean> {
  const done = new AbortController();
  const late = sleep(milliseconds, false, { signal: done.signal }).catch(() => false);
  return Promise.race([promise, late]).finally(() => done.abort());
}
