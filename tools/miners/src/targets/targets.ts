import { LemError, type EngineId } from "@lem/domain";
import type { Target } from "./target.ts";
import { TRANSFORMERS } from "./transformers.ts";
import { VLLM } from "./vllm.ts";

/** Every engine that can be mined. */
export const TARGETS: readonly Target[] = [TRANSFORMERS, VLLM];

/**
 * The target of an engine.
 * @throws LemError `engine.unknown` for one that cannot be mined
 */
export function targetOf(engine: string): Target {
  const found = TARGETS.find((target) => target.engine === (engine as EngineId));
  if (found !== undefined) return found;
  throw new LemError("engine.unknown", `there is no mining target ${engine}`, {
    hint: `one of ${TARGETS.map((target) => target.engine).join(", ")}`,
  });
}
