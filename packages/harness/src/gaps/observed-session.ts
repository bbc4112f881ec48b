import type { SaidOfKeys, WorkerSession } from "@lem/engines";

/** A session that keeps what the engine says of the user's keys. */
export interface ObservedSession {
  readonly session: WorkerSession;
  readonly said: readonly SaidOfKeys[];
}

/** Listens to a session: what the engine says of the keys is kept here and told to no one else. */
export function observeSession(session: WorkerSession): ObservedSession {
  const said: SaidOfKeys[] = [];
  const request: WorkerSession["request"] = (op, body, onEvent) =>
    session.request(op, body, (event) => {
      if (event.event === "said") said.push(event);
      else onEvent?.(event);
    });
  return { session: { ...session, request }, said };
}
