import { isLemError, unreachable } from "@lem/domain";
import type { ModelFormat } from "../adapter.ts";
import { aliasModel } from "./alias-sources.ts";
import type { ModelAlias } from "./aliases.ts";
import type { ModelArtifact } from "./artifact.ts";
import { loadPath, weightsHash, type StoredModel } from "./cache/record.ts";
import { sha256OfFile } from "./cache/checksum.ts";
import { convertModel } from "./convert.ts";
import { artifactOf } from "./describe.ts";
import { dummyModel } from "./dummy.ts";
import { hubModel, type HubQuery } from "./hub/model.ts";
import { localFolder, localGguf } from "./local.ts";
import { parseReference, type HubReference, type ModelReference } from "./reference.ts";
import type { ModelRequest } from "./request.ts";
import { tinyModel, TINY_NAME } from "./tiny.ts";

/**
 * Brings a model to this machine in a format that the engine loads. Emits `download-progress` while bytes arrive,
 * `model-fallback` when an alias has no reachable source and `builtin:tiny` takes its place, and `model-ready`.
 * @throws LemError `model.*`, `io.*`, `run.interrupted`
 */
export async function resolveModel(request: ModelRequest): Promise<ModelArtifact> {
  const reference = await parseReference(request.model, request);
  const artifact = await artifactFor(reference, request);
  const { name, format, source, synthetic } = artifact;
  request.emit({ type: "model-ready", name, format, from: source, synthetic });
  return artifact;
}

async function artifactFor(reference: ModelReference, request: ModelRequest): Promise<ModelArtifact> {
  switch (reference.kind) {
    case "alias":
      return aliasOrTiny(reference.alias, request);
    case "builtin":
      return artifactOf(await tinyModel(request.formats[0] ?? "gguf", request), request.model);
    case "dummy":
      return artifactOf(await dummyModel(reference.config, request), request.model);
    case "hub":
      return fetched((formats) => hubModel(hubQueryOf(reference, formats), request), request);
    case "folder":
      return localFolder(reference.path, request);
    case "gguf":
      return localGguf(reference.path, request);
    default:
      return unreachable(reference);
  }
}

async function aliasOrTiny(alias: ModelAlias, request: ModelRequest): Promise<ModelArtifact> {
  try {
    return await fetched((formats) => aliasModel(alias, formats, request), request);
  } catch (error) {
    if (request.fallback === false || !isLemError(error, "model.no-source")) throw error;
    const fallback = { code: "model.no-source", detail: error.message } as const;
    request.emit({ type: "model-fallback", requested: alias.name, used: TINY_NAME, ...fallback });
    const tiny = await tinyModel(request.formats[0] ?? "gguf", request);
    return { ...(await artifactOf(tiny, request.model)), fallback };
  }
}

/** An engine that loads folders only may still be served by a GGUF file, where it can be converted. */
async function fetched(
  fetch: (formats: readonly ModelFormat[]) => Promise<StoredModel>,
  request: ModelRequest,
): Promise<ModelArtifact> {
  const { formats, converter } = request;
  const convertible = converter !== undefined && !formats.includes("gguf");
  const stored = await fetch(convertible ? [...formats, "gguf"] : formats);
  if (formats.includes(stored.record.format)) return artifactOf(stored, request.model);
  const path = loadPath(stored);
  const sha256 = weightsHash(stored) ?? (await sha256OfFile(path));
  const { name, source, synthetic } = stored.record;
  return artifactOf(await convertModel({ path, sha256, name, source, synthetic }, request), request.model);
}

function hubQueryOf({ repo, revision = "main", file }: HubReference, formats: readonly ModelFormat[]): HubQuery {
  return { name: repo, repo, revision, file, formats };
}
