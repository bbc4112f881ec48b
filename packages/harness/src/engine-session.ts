import type { Operation, Replies, Requests, WorkerEvent } from "@lem/engines";

/** What the harness needs of a worker session: one engine process that answers one request after another. */
export interface EngineSession {
  readonly hello: Replies["hello"];
  /** Process whose memory is sampled. */
  readonly pid: number;
  /**
   * Sends one request and waits for its reply; events of the request arrive in order, before it.
   * @throws LemError `worker.*`, or `run.interrupted` after an abort
   */
  request<Op extends Operation>(
    op: Op,
    body: Requests[Op],
    onEvent?: (event: WorkerEvent) => void,
  ): Promise<Replies[Op]>;
  /** Ends the worker politely, by force after its deadline; may be called twice. */
  close(): Promise<void>;
  /** Ends the worker and its process group at once. */
  kill(): Promise<void>;
}
