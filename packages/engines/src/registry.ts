import type { EngineId } from "@lem/domain";
import type { EngineAdapter } from "./adapter.ts";

/** Every engine with the module that knows it; a module is loaded when its engine is asked for. */
const REGISTRY = {
  transformers: async () => (await import("./transformers/adapter.ts")).transformersAdapter,
  vllm: async () => (await import("./vllm/adapter.ts")).vllmAdapter,
  "tensorrt-llm": async () => (await import("./tensorrt-llm/adapter.ts")).tensorrtLlmAdapter,
  "llama-cpp": async () => (await import("./llama-cpp/adapter.ts")).llamaCppAdapter,
} as const satisfies Record<EngineId, () => Promise<EngineAdapter>>;

/** The adapter of an engine. */
export const loadAdapter = (id: EngineId): Promise<EngineAdapter> => REGISTRY[id]();
