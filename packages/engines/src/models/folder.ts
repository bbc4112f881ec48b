import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError, LemError, type JsonObject, type JsonValue } from "@lem/domain";

/** What a folder of the user holds. */
export type FolderContent =
  | { readonly kind: "hf-folder"; readonly config: JsonObject }
  | { readonly kind: "gguf"; readonly path: string };

/**
 * Looks into a folder: a Hugging Face model with config.json and weights, or exactly one GGUF file.
 * @throws LemError `model.corrupt` for an empty folder or one without config.json or weights, `io.*`
 */
export async function readFolder(folder: string): Promise<FolderContent> {
  const names = await namesIn(folder);
  const ggufs = names.filter((name) => name.endsWith(".gguf"));
  const [only] = ggufs;
  if (names.includes("config.json") && names.some((name) => /\.(?:safetensors|bin)$/.test(name))) {
    return { kind: "hf-folder", config: await readConfig(join(folder, "config.json")) };
  }
  if (only !== undefined && ggufs.length === 1) return { kind: "gguf", path: join(folder, only) };
  throw notAModel(folder, names, ggufs);
}

/** Reads a config.json. @throws LemError `model.corrupt` when it is no JSON object with a model_type, `io.*` */
export async function readConfig(path: string): Promise<JsonObject> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw fromSystemError(error, `reading ${path}`);
  });
  const config = parseObject(text);
  if (config !== undefined && typeof config["model_type"] === "string") return config;
  const what = config === undefined ? "is no JSON object" : "names no model_type";
  throw new LemError("model.corrupt", `${path} ${what}`, {
    hint: "a config.json as published with the model is needed",
    place: { file: path },
  });
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw fromSystemError(error, `reading ${folder}`);
  }
}

function notAModel(folder: string, names: readonly string[], ggufs: readonly string[]): LemError {
  const place = { file: folder };
  if (names.length === 0) return new LemError("model.corrupt", `${folder} is empty`, { place });
  if (ggufs.length > 1) {
    const hint = `name one of them: ${ggufs.toSorted().join(", ")}`;
    return new LemError("model.corrupt", `${folder} holds several GGUF files`, { hint, place });
  }
  if (!names.includes("config.json")) {
    const hint = "a Hugging Face folder has config.json, weights and a tokenizer";
    return new LemError("model.corrupt", `${folder} has no config.json`, { hint, place });
  }
  const hint = `for random weights of this shape, write dummy:${folder}`;
  return new LemError("model.corrupt", `${folder} has no weights (.safetensors or .bin)`, { hint, place });
}
