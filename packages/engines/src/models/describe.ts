import { join } from "node:path";
import type { JsonObject } from "@lem/domain";
import type { ModelArtifact } from "./artifact.ts";
import { loadPath, weightsHash, type StoredModel } from "./cache/record.ts";
import { readConfig } from "./folder.ts";
import { readGguf } from "./gguf/read.ts";
import { configOfGguf } from "./gguf/shape.ts";

/** Says a stored model as an artifact. @throws LemError `model.corrupt`, `io.*` */
export async function artifactOf(stored: StoredModel, requested: string): Promise<ModelArtifact> {
  const { record } = stored;
  const path = loadPath(stored);
  const sha256 = weightsHash(stored);
  return {
    requested,
    name: record.name,
    format: record.format,
    path,
    source: record.source,
    ...(record.revision === undefined ? {} : { revision: record.revision }),
    ...(sha256 === undefined ? {} : { sha256 }),
    synthetic: record.synthetic,
    weights: record.weights,
    config: record.format === "gguf" ? await ggufConfig(path) : await readConfig(join(path, "config.json")),
  };
}

/** The shape in a GGUF file's header. @throws LemError `model.corrupt`, `io.*` */
export async function ggufConfig(path: string): Promise<JsonObject> {
  return configOfGguf(await readGguf(path), path);
}
