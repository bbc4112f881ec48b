import type { EngineId } from "@lem/domain";
import type { Foresee } from "./foresight.ts";

/** What the rules of an engine version foresee. */
export function foreseeBy(_engine: EngineId, _version: string): Foresee {
  return () => undefined;
}
