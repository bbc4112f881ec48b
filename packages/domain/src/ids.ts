import { LemError } from "./errors.ts";

/** The engines lem knows, by their names in YAML. */
export const ENGINE_IDS = ["transformers", "vllm", "tensorrt-llm", "llama-cpp"] as const;
/** One engine. */
export type EngineId = (typeof ENGINE_IDS)[number];

/** Names of the predecessor that are still read, with a deprecation note. */
export const DEPRECATED_ENGINE_NAMES: Readonly<Record<string, EngineId>> = {
  pytorch: "transformers",
  tensorrt: "tensorrt-llm",
};

/** True for a current engine name. */
export const isEngineId = (name: string): name is EngineId => (ENGINE_IDS as readonly string[]).includes(name);

/** Reads an engine name, old names included. @throws LemError `engine.unknown` */
export function parseEngineId(name: string): EngineId {
  if (isEngineId(name)) return name;
  const renamed = Object.hasOwn(DEPRECATED_ENGINE_NAMES, name) ? DEPRECATED_ENGINE_NAMES[name] : undefined;
  if (renamed !== undefined) return renamed;
  throw new LemError("engine.unknown", `there is no engine named "${name}"`, {
    hint: `choose one of ${ENGINE_IDS.join(", ")}`,
    context: { name },
  });
}
