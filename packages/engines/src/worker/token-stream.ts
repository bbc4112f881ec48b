import type { WorkerEvent } from "./protocol.ts";

const MAX_TOKENS_PER_LINE = 256;
const FLUSH_MS = 250;

/** CLOCK_MONOTONIC in whole nanoseconds, as the protocol wants it; exact below 104 days of uptime. */
export const monotonicNs = (): number => Number(process.hrtime.bigint());

/** What the engine says about a completed request. */
export type Finished = Omit<Extract<WorkerEvent, { event: "finished" }>, "event" | "r" | "t_ns">;

/**
 * Reports the tokens of one run of a Node worker, like `token_stream.py`: a token costs one clock reading and two
 * appends. Lines are written in bulk by a timer, so a token leaves at most 250 ms after it arrived, also while the
 * engine stalls; an engine that keeps the event loop to itself is heard at every 256th token of a request.
 *
 * Close it at the end of the run, also of one that fails.
 */
export class TokenStream {
  /** The instant from which all offsets count. */
  readonly originNs: number;
  readonly #emit: (event: WorkerEvent) => void;
  readonly #buffers = new Map<number, { ids: number[]; t_ns: number[] }>();
  readonly #timer: NodeJS.Timeout;

  /** Begins the run: emits `origin`. */
  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit;
    this.#timer = setInterval(() => this.flush(), FLUSH_MS);
    this.originNs = monotonicNs();
    emit({ event: "origin", origin_ns: this.originNs });
  }

  /** Nanoseconds since the origin. */
  now(): number {
    return monotonicNs() - this.originNs;
  }

  /** Request `r` goes to the engine now: call it just before. */
  submitted(r: number): void {
    this.#buffers.set(r, { ids: [], t_ns: [] });
    this.#emit({ event: "submitted", r, t_ns: this.now() });
  }

  /** One output token of a submitted request has arrived; a batch may share one instant. */
  token(r: number, id: number, t_ns: number = this.now()): void {
    const buffer = this.#buffers.get(r);
    if (buffer === undefined) return;
    buffer.ids.push(id);
    buffer.t_ns.push(t_ns);
    if (buffer.ids.length >= MAX_TOKENS_PER_LINE) this.#flushOne(r);
  }

  /** A request is complete. */
  finished(r: number, facts: Finished): void {
    const t_ns = this.now();
    this.#flushOne(r);
    this.#buffers.delete(r);
    this.#emit({ event: "finished", r, t_ns, ...facts });
  }

  /** Writes what is buffered, of all requests. */
  flush(): void {
    for (const r of this.#buffers.keys()) this.#flushOne(r);
  }

  /** Ends the run: writes what is left, and stops the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #flushOne(r: number): void {
    const buffer = this.#buffers.get(r);
    if (buffer === undefined || buffer.ids.length === 0) return;
    this.#emit({ event: "tokens", r, ids: buffer.ids, t_ns: buffer.t_ns });
    this.#buffers.set(r, { ids: [], t_ns: [] });
  }
}
