import { join } from "node:path";
import { LemError, unreachable, type JsonObject } from "@lem/domain";
import { cachedAlias } from "./alias-sources.ts";
import { ggufConfig, artifactOf } from "./describe.ts";
import { readConfig, readFolder } from "./folder.ts";
import { hubConfig } from "./hub/config.ts";
import { parseReference, type ModelReference } from "./reference.ts";
import type { ModelRequest } from "./request.ts";
import { tinyModel } from "./tiny.ts";

/** What of a request the shape alone needs. */
export type ShapeRequest = Omit<ModelRequest, "formats" | "seed" | "converter" | "fallback" | "pip">;

/**
 * The shape of a model in the words of a Hugging Face config.json, without its weights: nothing large is downloaded.
 * Takes what {@link parseReference} takes, and a config.json itself.
 * @throws LemError `model.*`, `io.*`, `run.interrupted`
 */
export async function modelShape(request: ShapeRequest): Promise<JsonObject> {
  const isConfig = request.model.endsWith(".json") && !request.model.startsWith("dummy:");
  const named = isConfig ? `dummy:${request.model}` : request.model;
  return shapeOf(await parseReference(named, request), request);
}

async function shapeOf(reference: ModelReference, request: ShapeRequest): Promise<JsonObject> {
  switch (reference.kind) {
    case "alias": {
      const cached = await cachedAlias(reference.alias, ["hf-folder", "gguf"], request.modelsDir);
      return cached === undefined ? reference.alias.config : (await artifactOf(cached, request.model)).config;
    }
    case "builtin":
      return (await artifactOf(await tinyModel("hf-folder", request), request.model)).config;
    case "dummy":
      return readConfig(reference.config);
    case "hub":
      return hubConfig(reference, request);
    case "folder":
      return folderShape(reference.path);
    case "gguf":
      return ggufConfig(reference.path);
    default:
      return unreachable(reference);
  }
}

/** A folder with a config.json says its shape even when its weights are elsewhere. */
async function folderShape(path: string): Promise<JsonObject> {
  try {
    return await readConfig(join(path, "config.json"));
  } catch (error) {
    if (error instanceof LemError && error.code === "model.corrupt") throw error;
    const content = await readFolder(path);
    return content.kind === "gguf" ? ggufConfig(content.path) : content.config;
  }
}
