import { fstatSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { LemError } from "@lem/domain";
import type { Operation, Replies, Requests, WorkerEvent, WorkerFailure } from "./protocol.ts";

/** Sends an event of the request at hand; after its reply, drops it. */
export type EmitEvent = (event: WorkerEvent) => void;

/** Answers one operation; what it throws becomes the error reply. */
export type Handler<Op extends Operation> = (
  request: Requests[Op],
  emit: EmitEvent,
) => Replies[Op] | Promise<Replies[Op]>;

/** The operations that a worker answers; `unload` and `bye` may be left out. */
export type Handlers = { readonly [Op in Operation]?: Handler<Op> };

/**
 * The Node end of the worker protocol: `protocol.py` for engines that live in Node, with the same contract. Call it
 * once, first of all, as the whole program of a worker process; import the engine inside a handler. It answers
 * requests one after another until `bye`, then ends the process, because an engine's native threads may keep it alive.
 *
 * Protocol lines go to descriptor LEM_PROTOCOL_FD. Without that variable they go to stdout, which native code can
 * disturb: Node cannot move a descriptor aside.
 *
 * A thrown LemError `engine.unsupported` is answered as not-supported, `worker.protocol` as bad-request, running out
 * of memory as out-of-memory, all else as failed.
 */
export function serve(handlers: Handlers): void {
  const write = lineWriter();
  const reader = new Worker(
    new URL(import.meta.url.endsWith(".ts") ? "./reader-thread.ts" : "./reader-thread.js", import.meta.url),
  );
  let last = Promise.resolve();
  reader.on("message", (line: string) => {
    last = last.then(() => answer(line, handlers, write));
  });
}

type Write = (message: object) => void;

async function answer(line: string, handlers: Handlers, write: Write): Promise<void> {
  let id: number | null = null;
  let op: string | undefined;
  let open = true;
  const end = (reply: object): void => {
    open = false;
    write({ id, ...reply });
  };
  try {
    const request = parseRequest(line);
    ({ id, op } = request);
    const handler = handlers[op as Operation] as Handler<Operation> | undefined;
    if (handler === undefined && op !== "unload" && op !== "bye") {
      throw new LemError("engine.unsupported", `this worker has no operation ${JSON.stringify(op)}`);
    }
    const reply = await handler?.(request as never, (event) => {
      if (open) write({ id, ...event });
    });
    end({ ok: reply ?? {} });
  } catch (error) {
    const failure = failureOf(error);
    // A person looks for it in the log, where stderr goes.
    process.stderr.write(`${failure.traceback ?? failure.message}\n`);
    end({ error: failure });
  }
  // oxlint-disable-next-line unicorn/no-process-exit -- this is the main loop of a program
  if (op === "bye") process.exit(0);
}

function parseRequest(line: string): { id: number; op: string } {
  let request: { id?: unknown; op?: unknown };
  try {
    request = JSON.parse(line) as object;
  } catch (cause) {
    throw new LemError("worker.protocol", `not JSON: ${String(cause)}`, { cause });
  }
  const { id, op } = request;
  if (typeof id !== "number" || typeof op !== "string") {
    throw new LemError("worker.protocol", "a request is an object with a number `id` and a string `op`");
  }
  return { ...request, id, op };
}

const OUT_OF_MEMORY =
  /out of memory|insufficient memory|can(?:'|no)t allocate|allocation failed|InsufficientMemoryError|OutOfMemoryError/i;

function failureOf(error: unknown): WorkerFailure {
  if (!(error instanceof Error)) return { kind: "failed", type: typeof error, message: String(error) };
  const type = error.constructor.name;
  return {
    kind: kindOf(error, type),
    type,
    message: error.message,
    ...(error.stack === undefined ? {} : { traceback: error.stack }),
  };
}

function kindOf(error: Error, type: string): WorkerFailure["kind"] {
  if (error instanceof LemError && error.code === "engine.unsupported") return "not-supported";
  if (error instanceof LemError && error.code === "worker.protocol") return "bad-request";
  return OUT_OF_MEMORY.test(type) || OUT_OF_MEMORY.test(error.message) ? "out-of-memory" : "failed";
}

/** Writes whole lines, synchronously: the pipe's reader does nothing else than read, and order is kept. */
function lineWriter(): Write {
  // oxlint-disable-next-line node/no-process-env -- a program reads its own environment
  const named = process.env["LEM_PROTOCOL_FD"];
  const fd = named === undefined ? 1 : Number(named);
  fstatSync(fd);
  if (fd === 1) process.stdout.write = process.stderr.write.bind(process.stderr);
  return (message) => {
    const line = Buffer.from(`${JSON.stringify(message)}\n`);
    for (let at = 0; at < line.length;) at += writeSome(fd, line.subarray(at));
  };
}

const nap = new Int32Array(new SharedArrayBuffer(4));

function writeSome(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    Atomics.wait(nap, 0, 0, 1);
    return 0;
  }
}
