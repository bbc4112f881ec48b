export type * from "./adapter.ts";
export type * from "./worker/protocol.ts";
export type * from "./models/artifact.ts";
export { openSession, type SessionOptions, type SessionOperation, type WorkerSession } from "./worker/session.ts";
export type { SessionDeadlines } from "./worker/conversation.ts";
