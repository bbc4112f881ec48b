import { LemError } from "@lem/domain";
import { Redactor } from "../runners/redactor.ts";
import type { ProcessOutcome, RunningProcess } from "../runners/runner.ts";
import { within } from "../runners/within.ts";
import { parseMessage, parseReply, type WorkerMessage } from "./codec.ts";
import { crashed, engineRaised, interrupted, outcomeContext, silent, type FailurePlace } from "./failures.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Operation, Replies, Requests, WorkerEvent } from "./protocol.ts";

/** How long a worker may say nothing, in seconds. Any event counts as life and begins the time anew. */
export interface SessionDeadlines {
  /** From the start of the process to its greeting. */
  readonly hello_s: number;
  /** Within `describe`, `load` and `configure`. */
  readonly load_s: number;
  /** Within `tokenize`, `run` and `unload`. */
  readonly silence_s: number;
  /** For a farewell, and again after SIGTERM, before SIGKILL. */
  readonly close_s: number;
}

/** What may change when somebody else takes over a worker. */
export interface ConversationTerms {
  /** File to which the engine's chatter is appended. */
  readonly logPath: string;
  readonly deadlines: SessionDeadlines;
  /** Ends the worker at once, and every request with `run.interrupted`. */
  readonly signal?: AbortSignal;
}

/** What a conversation needs to know. */
export interface ConversationOptions extends ConversationTerms {
  /** Name of the engine, for messages. */
  readonly engine: string;
  /** Texts that must reach neither log, event, reply nor error: secrets given to the worker. */
  readonly redact?: readonly string[];
}

interface Pending {
  readonly id: number;
  readonly op: Operation;
  readonly limitS: number;
  readonly onEvent: ((event: WorkerEvent) => void) | undefined;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: LemError) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Share of a deadline between two looks: what a host that stood still in between may count too much. */
const LOOK_SHARE = 0.1;
/** Milliseconds by which a timer may be late in a host that ran. */
const STOOD_STILL_MS = 100;

/** The requests, events and replies between the host and one process; ends the process when they break the rules. */
export class Conversation {
  readonly #process: RunningProcess;
  #options: ConversationOptions;
  readonly #redactor: Redactor;
  readonly #lines = new LineSplitter();
  readonly #exited: Promise<ProcessOutcome>;
  #pending: Pending | undefined;
  #requests = 0;
  #lastLife = performance.now();
  /** Why the session is over, once it is. */
  #failure: LemError | undefined;
  #closing: Promise<ProcessOutcome> | undefined;

  /** Takes over a process that has just been started. */
  constructor(process: RunningProcess, options: ConversationOptions) {
    this.#process = process;
    this.#options = options;
    this.#redactor = new Redactor(options.redact ?? []);
    process.output.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#listen();
    this.#exited = process.exited.then((outcome) => {
      this.#options.signal?.removeEventListener("abort", this.#abort);
      this.#end(outcome);
      return outcome;
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** True until the worker has ended, or must end. */
  get isOpen(): boolean {
    return this.#failure === undefined && this.#closing === undefined;
  }

  /** Goes on under other terms, with an empty log. @throws LemError `io.*` */
  async handOver(terms: ConversationTerms): Promise<void> {
    await this.#process.moveLogTo(terms.logPath);
    const { signal, ...others } = this.#options;
    signal?.removeEventListener("abort", this.#abort);
    this.#options = { ...others, ...terms };
    this.#listen();
  }

  logTail(): string {
    return this.#process.logTail();
  }

  ask<Op extends Operation>(op: Op, body: Requests[Op], onEvent?: (event: WorkerEvent) => void): Promise<Replies[Op]> {
    return new Promise((resolve, reject) => {
      if (this.#pending !== undefined || (this.#closing !== undefined && op !== "bye")) {
        const when = this.#pending === undefined ? "after the session was closed" : `during \`${this.#pending.op}\``;
        throw new LemError("internal.bug", `\`${op}\` was asked ${when}`);
      }
      this.#requests += 1;
      const limitS = limitOf(op, this.#options.deadlines);
      const id = this.#requests;
      this.#pending = {
        id,
        op,
        limitS,
        onEvent,
        resolve: resolve as (reply: unknown) => void,
        reject,
        timer: undefined,
      };
      this.#lastLife = performance.now();
      this.#watch(this.#pending, limitS * 1000);
      if (this.#failure === undefined) this.#process.writeLine(JSON.stringify({ ...body, id, op }));
      else void this.#exited.then((outcome) => this.#end(outcome));
    });
  }

  /** Ends the worker for a reason; the request at hand rejects with it once the process group is gone. */
  fail(error: LemError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#process.kill();
  }

  kill(): Promise<ProcessOutcome> {
    this.fail(interrupted(undefined, this.#place()));
    return this.#exited;
  }

  close(): Promise<ProcessOutcome> {
    this.#closing ??= this.#sayGoodbye();
    return this.#closing;
  }

  async #sayGoodbye(): Promise<ProcessOutcome> {
    if (this.#pending !== undefined || this.#failure !== undefined) return this.kill();
    const patienceMs = this.#options.deadlines.close_s * 1000;
    void this.ask("bye", {}).catch(() => {});
    if (await within(this.#exited, patienceMs)) return this.#exited;
    this.#process.terminate();
    if (await within(this.#exited, patienceMs)) return this.#exited;
    return this.kill();
  }

  readonly #abort = (): void => this.fail(interrupted(this.#options.signal?.reason, this.#place()));

  #listen(): void {
    const { signal } = this.#options;
    signal?.addEventListener("abort", this.#abort, { once: true });
    if (signal?.aborted === true) this.#abort();
  }

  #receive(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    this.#lastLife = performance.now();
    try {
      for (const line of this.#lines.push(chunk)) {
        this.#deliver(parseMessage(line));
        if (this.#failure !== undefined) return;
      }
    } catch (error) {
      this.fail(error instanceof LemError ? error : unexpected(error));
    }
  }

  #deliver(message: WorkerMessage): void {
    const pending = this.#pending;
    if (pending === undefined || message.id !== pending.id) {
      throw new LemError(
        "worker.protocol",
        `the worker of ${this.#options.engine} answered a request that was not asked`,
      );
    }
    if (message.kind === "event") {
      const { event } = message;
      pending.onEvent?.(event.event === "tokens" ? event : this.#redactor.value(event));
    } else if (message.kind === "failure") {
      const error = engineRaised(message.failure, this.#place());
      this.#settle()?.reject(this.#redacted(error));
    } else {
      const reply = parseReply(pending.op, message.reply);
      this.#settle()?.resolve("ids" in reply ? reply : this.#redactor.value(reply));
    }
  }

  #settle(): Pending | undefined {
    const pending = this.#pending;
    clearTimeout(pending?.timer);
    this.#pending = undefined;
    return pending;
  }

  /** Rearmed only when it expires, so that messages cost no timer. */
  #watch(pending: Pending, leftMs: number): void {
    const ms = Math.min(leftMs, pending.limitS * 1000 * LOOK_SHARE);
    const due = performance.now() + ms;
    pending.timer = setTimeout(() => setImmediate(() => this.#checkLife(pending, due)), ms);
  }

  /**
   * Runs after pending input was read: a host that was busy itself must not blame the worker. Nor does time count in which
   * the host did not run: on a machine that was suspended the worker did not either.
   */
  #checkLife(pending: Pending, due: number): void {
    if (this.#pending !== pending || this.#failure !== undefined) return;
    const lateMs = performance.now() - due;
    if (lateMs > STOOD_STILL_MS) this.#lastLife = Math.min(this.#lastLife + lateMs, performance.now());
    const leftMs = pending.limitS * 1000 - (performance.now() - this.#lastLife);
    if (leftMs > 0) this.#watch(pending, leftMs);
    else if (pending.op !== "bye") this.fail(silent(pending.limitS, this.#place()));
  }

  #end(outcome: ProcessOutcome): void {
    this.#failure ??= crashed(outcome, this.#place());
    const pending = this.#settle();
    if (pending === undefined) return;
    const { code, message, hint, context, cause } = this.#failure;
    const more = {
      ...(hint === undefined ? {} : { hint }),
      cause,
      context: { ...context, ...outcomeContext(outcome) },
    };
    pending.reject(this.#redacted(new LemError(code, message, more)));
  }

  #place(): FailurePlace {
    return { engine: this.#options.engine, op: this.#pending?.op, logPath: this.#options.logPath };
  }

  #redacted(error: LemError): LemError {
    const { code, message, hint, context, cause } = error;
    return new LemError(code, this.#redactor.text(message), {
      ...(hint === undefined ? {} : { hint }),
      ...(cause === undefined ? {} : { cause }),
      context: this.#redactor.value(context),
    });
  }
}

const limitOf = (op: Operation, deadlines: SessionDeadlines): number => {
  if (op === "hello") return deadlines.hello_s;
  if (op === "describe" || op === "load" || op === "configure") return deadlines.load_s;
  return op === "bye" ? deadlines.close_s : deadlines.silence_s;
};

const unexpected = (cause: unknown): LemError =>
  new LemError("internal.bug", `a listener of worker events failed: ${String(cause)}`, { cause });
