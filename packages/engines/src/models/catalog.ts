import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModelFormat } from "../adapter.ts";
import { ALIASES } from "./aliases.ts";
import type { ModelArtifact } from "./artifact.ts";
import { loadPath, readStored, RECORD_FILE, weightsHash, type StoredModel } from "./cache/record.ts";
import type { ModelRequest } from "./request.ts";
import { resolveModel } from "./resolve.ts";
import { TINY_NAME } from "./tiny.ts";

/** A model in the cache, as `lem models list` shows it. */
export interface CachedModel {
  readonly name: string;
  readonly format: ModelFormat;
  readonly source: string;
  readonly revision?: string;
  readonly sha256?: string;
  readonly size_b: number;
  readonly synthetic: boolean;
  readonly path: string;
  /** `damaged`: some file is gone or has changed; the next use fetches it again. */
  readonly status: "ready" | "damaged";
}

/** Names that can be written in a configuration, and what is on this machine. */
export interface ModelList {
  readonly names: readonly { readonly name: string; readonly title: string; readonly cached: boolean }[];
  readonly cached: readonly CachedModel[];
}

/** Lists the aliases and the cache. Unfinished downloads are left out. */
export async function listModels({ modelsDir }: { readonly modelsDir: string }): Promise<ModelList> {
  const names = await readdir(modelsDir, { recursive: true }).catch((): string[] => []);
  const records = names.filter((name) => name.endsWith(RECORD_FILE)).toSorted();
  const found = await Promise.all(records.map((record) => cachedModel(dirname(join(modelsDir, record)))));
  const cached = found.filter((model) => model !== undefined);
  const known = [
    ...ALIASES,
    { name: TINY_NAME, title: "generated model with random weights, 0.87 million parameters" },
  ];
  return {
    names: known.map(({ name, title }) => ({ name, title, cached: cached.some((model) => model.name === name) })),
    cached,
  };
}

async function cachedModel(folder: string): Promise<CachedModel | undefined> {
  const state = await readStored(folder);
  return state.status === "absent" ? undefined : { ...listed(state.model), status: state.status };
}

function listed(model: StoredModel): Omit<CachedModel, "status"> {
  const { name, format, source, revision, synthetic, files } = model.record;
  const sha256 = weightsHash(model);
  return {
    name,
    format,
    source,
    ...(revision === undefined ? {} : { revision }),
    ...(sha256 === undefined ? {} : { sha256 }),
    size_b: Object.values(files).reduce((sum, { size_b }) => sum + size_b, 0),
    synthetic,
    path: loadPath(model),
  };
}

/** Brings a model into the cache. @throws LemError as `resolveModel`, and `model.no-source` where that would fall back */
export const pullModel = (request: ModelRequest): Promise<ModelArtifact> =>
  resolveModel({ ...request, fallback: false });
