import type { EngineId } from "@lem/domain";
import type { EngineAdapter, EngineInstallation, ModelArtifact } from "@lem/engines";
import type { Foresee } from "@lem/harness";

/** An engine that is ready on this machine. */
export type ReadyEngine = Extract<EngineInstallation, { status: "installed" }>;

/** An engine of this machine with what its rules foresee. */
export interface PreparedEngine {
  readonly adapter: EngineAdapter;
  readonly engine: ReadyEngine;
  readonly foresee: Foresee;
}

/**
 * What experiments of one study have in common, found once: engines do not move and models do not change while a
 * study runs, and between two experiments there is no time to look again. What failed is asked for anew.
 */
export class Preparations {
  readonly #engines = new Map<EngineId, Promise<PreparedEngine>>();
  readonly #models = new Map<string, Promise<ModelArtifact>>();

  engine(id: EngineId, find: () => Promise<PreparedEngine>): Promise<PreparedEngine> {
    return once(this.#engines, id, find);
  }

  /** `key` names the model and all that its files depend on. */
  model(key: string, find: () => Promise<ModelArtifact>): Promise<ModelArtifact> {
    return once(this.#models, key, find);
  }
}

function once<Key, Value>(found: Map<Key, Promise<Value>>, key: Key, find: () => Promise<Value>): Promise<Value> {
  const known = found.get(key);
  if (known !== undefined) return known;
  const value = find();
  found.set(key, value);
  value.catch(() => found.delete(key));
  return value;
}
