import type { LemError } from "@lem/domain";
import type { WorkerCommand } from "../adapter.ts";
import { processRunner } from "../runners/process.ts";
import type { ProcessOutcome, Runner } from "../runners/runner.ts";
import { Conversation, type ConversationOptions, type ConversationTerms } from "./conversation.ts";
import { interrupted, versionMismatch, type FailurePlace } from "./failures.ts";
import { PROTOCOL_VERSION, type Operation, type Replies, type Requests, type WorkerEvent } from "./protocol.ts";

/** What a session needs. */
export interface SessionOptions extends ConversationOptions {
  readonly command: WorkerCommand;
  /** The host's environment; the worker sees its harmless part. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the worker runs; a process of this machine unless said otherwise. */
  readonly runner?: Runner;
  /** Told when the worker's process runs, before it greets. */
  readonly onSpawn?: (pid: number) => void;
}

/** The operations that callers ask for; the session itself greets and says goodbye. */
export type SessionOperation = Exclude<Operation, "hello" | "bye">;

/**
 * A conversation with one worker. Once a request fails with another error than the engine's own (`worker.failed`,
 * `worker.out-of-memory`, `engine.unsupported`), the worker is gone, and later requests fail in the same way.
 */
export interface WorkerSession {
  readonly hello: Replies["hello"];
  readonly pid: number;
  /**
   * Asks one thing; one request at a time. `onEvent` is called in order, before the reply, and must be quick.
   * Rejects with `worker.crashed`, `worker.silent`, `worker.protocol`, `worker.failed`, `worker.out-of-memory`,
   * `engine.unsupported`, `run.interrupted`, `io.*` (log file), or what `onEvent` threw; when the worker is gone,
   * only after its whole process group is.
   */
  request<Op extends SessionOperation>(
    op: Op,
    body: Requests[Op],
    onEvent?: (event: WorkerEvent) => void,
  ): Promise<Replies[Op]>;
  /** True until the worker has ended, or must end. */
  isOpen(): boolean;
  /** Somebody else goes on with the worker: with his log, deadlines and signal. @throws LemError `io.*` */
  handOver(terms: ConversationTerms): Promise<void>;
  /** Says goodbye, then SIGTERM, then SIGKILL, each with its deadline; a request in progress is ended. Never rejects. */
  close(): Promise<ProcessOutcome>;
  /** Ends the worker at once. Never rejects. */
  kill(): Promise<ProcessOutcome>;
  /** The last lines of the worker's log. */
  logTail(): string;
}

/**
 * Starts a worker and greets it. Rejects like {@link WorkerSession.request}, or with `worker.spawn` when the process
 * cannot be started; then nothing is left running.
 */
export async function openSession(options: SessionOptions): Promise<WorkerSession> {
  const place = { engine: options.engine, op: undefined, logPath: options.logPath };
  if (options.signal?.aborted === true) throw interrupted(options.signal.reason, place);
  let conversation: Conversation | undefined;
  let logFailure: LemError | undefined;
  const started = await (options.runner ?? processRunner).start({
    command: options.command,
    env: options.env,
    logPath: options.logPath,
    secrets: options.redact ?? [],
    onLogFailure: (error) => {
      logFailure = error;
      conversation?.fail(error);
    },
  });
  options.onSpawn?.(started.pid);
  conversation = new Conversation(started, options);
  if (logFailure !== undefined) conversation.fail(logFailure);
  return greet(conversation, place);
}

async function greet(conversation: Conversation, place: FailurePlace): Promise<WorkerSession> {
  const hello = await conversation.ask("hello", { protocol: PROTOCOL_VERSION }).catch(async (error: unknown) => {
    await conversation.kill();
    throw error;
  });
  if (hello.protocol !== PROTOCOL_VERSION) {
    await conversation.kill();
    throw versionMismatch(hello.protocol, PROTOCOL_VERSION, { ...place, op: "hello" });
  }
  return {
    hello,
    pid: conversation.pid,
    isOpen: () => conversation.isOpen,
    handOver: (terms) => conversation.handOver(terms),
    request: (op, body, onEvent) => conversation.ask(op, body, onEvent),
    close: () => conversation.close(),
    kill: () => conversation.kill(),
    logTail: () => conversation.logTail(),
  };
}
