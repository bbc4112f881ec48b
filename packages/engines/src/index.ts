export type * from "./adapter.ts";
export type * from "./worker/protocol.ts";
export type * from "./models/artifact.ts";
export type { ConversationTerms } from "./worker/conversation.ts";
export { openSession, type SessionOptions, type SessionOperation, type WorkerSession } from "./worker/session.ts";
export type { SessionDeadlines } from "./worker/conversation.ts";
export { endOrphan, markProcess, type ProcessMark } from "./runners/orphan.ts";
export { resolveModel } from "./models/resolve.ts";
export { listModels, pullModel, type CachedModel, type ModelList } from "./models/catalog.ts";
export { modelShape, type ShapeRequest } from "./models/shape.ts";
export type { ModelContext, ModelRequest } from "./models/request.ts";
export { loadAdapter } from "./registry.ts";
export { lemPaths, type Env, type LemPaths } from "./paths.ts";
export {
  parseEngineVersions,
  readEngineVersions,
  type EngineVersions,
  type EngineVariant,
  type EngineBuild,
} from "./versions.ts";
export { installEngine, type InstallOptions } from "./install/install-engine.ts";
export { installGpuBinaries, type GpuBinaries, type GpuBinariesOptions } from "./install/install-gpu-binaries.ts";
export { listEngines, type EngineListing } from "./install/list-engines.ts";
