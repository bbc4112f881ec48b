import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { LemError } from "@lem/domain";
import type { ModelArtifact } from "./artifact.ts";
import { sha256OfFile } from "./cache/checksum.ts";
import { convertModel } from "./convert.ts";
import { artifactOf, ggufConfig } from "./describe.ts";
import { readFolder } from "./folder.ts";
import type { ModelRequest } from "./request.ts";

/** Larger files of the user are not hashed: it would take longer than many a measurement. */
const HASHED_UP_TO_B = 2 ** 30;

/** A folder of the user, used where it is. @throws LemError `model.corrupt`, `model.format`, `io.*` */
export async function localFolder(path: string, request: ModelRequest): Promise<ModelArtifact> {
  const content = await readFolder(path);
  if (content.kind === "gguf") return localGguf(content.path, request);
  if (!request.formats.includes("hf-folder")) {
    throw new LemError("model.format", `${path} is a Hugging Face folder, and this engine loads GGUF only`, {
      hint: "choose the transformers engine, or name a .gguf file",
    });
  }
  const { config } = content;
  const own = { requested: request.model, name: basename(path), source: "file" } as const;
  return { ...own, path, config, format: "hf-folder", synthetic: false, weights: "files" };
}

/** A GGUF file of the user, used where it is or converted. @throws LemError `model.corrupt`, `model.format`, `io.*` */
export async function localGguf(path: string, request: ModelRequest): Promise<ModelArtifact> {
  const config = await ggufConfig(path);
  const name = basename(path, ".gguf");
  if (!request.formats.includes("gguf")) {
    const from = { path, name, source: "file", synthetic: false, sha256: await sha256OfFile(path) };
    return artifactOf(await convertModel(from, request), request.model);
  }
  const { size } = await stat(path);
  const own = { requested: request.model, name, source: "file", synthetic: false, weights: "files" } as const;
  return {
    ...own,
    path,
    config,
    format: "gguf",
    ...(size > HASHED_UP_TO_B ? {} : { sha256: await sha256OfFile(path) }),
  };
}
