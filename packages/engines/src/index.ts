export type * from "./adapter.ts";
export type * from "./worker/protocol.ts";
export type * from "./models/artifact.ts";
export { openSession, type SessionOptions, type SessionOperation, type WorkerSession } from "./worker/session.ts";
export type { SessionDeadlines } from "./worker/conversation.ts";
export { resolveModel } from "./models/resolve.ts";
export { listModels, pullModel, type CachedModel, type ModelList } from "./models/catalog.ts";
export { modelShape, type ShapeRequest } from "./models/shape.ts";
export type { ModelContext, ModelRequest } from "./models/request.ts";
