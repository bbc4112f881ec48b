import { copyFile, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fingerprint, LemError, type JsonObject, type JsonValue } from "@lem/domain";
import type { ModelFacts, StoredModel } from "./cache/record.ts";
import { storeModel } from "./cache/store.ts";
import { readConfig } from "./folder.ts";
import { writeRandomGguf } from "./random/llama-gguf.ts";
import { writeJsonFiles } from "./random/llama-folder.ts";
import { llamaShapeOf, type LlamaShape } from "./random/llama-shape.ts";
import { tinyTokenizer, tokenizerFiles } from "./random/tokenizer.ts";
import type { ModelRequest } from "./request.ts";

/** Changes when the files change. */
const VERSION = 1;
const TOKENIZER_FILES = /^(?:tokenizer.*|vocab\.json|merges\.txt|special_tokens_map\.json|chat_template\.jinja)$/;

interface Dummy {
  readonly name: string;
  readonly config: JsonObject;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a model of the shape in a config.json, with random weights of the request's seed. As a Hugging Face folder it
 * works for every architecture and takes no space: the engine makes the weights (`weights: "random"`). As GGUF, with
 * float16 weights in the file, it works for llama-like architectures.
 * @throws LemError `model.format` when the architecture cannot be written as GGUF, `model.corrupt`, `io.*`
 */
export async function dummyModel(path: string, request: ModelRequest): Promise<StoredModel> {
  const config = await readConfig(path);
  const { seed = 0, formats, modelsDir, signal } = request;
  const dummy: Dummy = { name: `dummy:${labelOf(path)}`, config, seed, signal };
  const shape = llamaShapeOf(config, path);
  const format = formats.find((each) => each === "hf-folder" || shape !== undefined);
  if (format === undefined) throw notWritable(config["model_type"], path);
  const borrowed = format === "hf-folder" ? await borrowedTokenizer(path) : [];
  if (borrowed.length === 0) checkVocabulary(config, path);
  const id = fingerprint([
    VERSION,
    dummy.name,
    config,
    seed,
    format,
    await Promise.all(borrowed.map((file) => readFile(file, "utf8"))),
  ]);
  const folder = join(modelsDir, "dummy", id);
  const produce = (temporary: string): Promise<ModelFacts> =>
    format === "gguf" && shape !== undefined
      ? writeGgufDummy(temporary, dummy, shape)
      : writeFolderDummy(temporary, dummy, borrowed);
  return storeModel({ folder, signal, produce });
}

/** The folder's name for `.../llama-8b/config.json`, else the file's. */
function labelOf(path: string): string {
  return basename(path) === "config.json" ? basename(dirname(path)) : basename(path, ".json");
}

async function writeGgufDummy(folder: string, { name, seed, signal }: Dummy, shape: LlamaShape): Promise<ModelFacts> {
  await writeRandomGguf(join(folder, "dummy.gguf"), { name: "dummy", shape, seed, signal, precision: "float16" });
  return { name, format: "gguf", source: "dummy", synthetic: true, weights: "files" };
}

async function writeFolderDummy(folder: string, dummy: Dummy, tokenizer: readonly string[]): Promise<ModelFacts> {
  const { name, config } = dummy;
  await writeJsonFiles(folder, { "config.json": config });
  for (const file of tokenizer) await copyFile(file, join(folder, basename(file)));
  if (tokenizer.length === 0) await writeJsonFiles(folder, tokenizerFiles(tinyTokenizer(), contextOf(config)));
  return { name, format: "hf-folder", source: "dummy", synthetic: true, weights: "random" };
}

/** Files of the tokenizer beside the config.json; empty when there is none. */
async function borrowedTokenizer(path: string): Promise<string[]> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => TOKENIZER_FILES.test(name)).toSorted();
  return names.includes("tokenizer.json") ? names.map((name) => join(folder, name)) : [];
}

function contextOf(config: JsonObject): number {
  const stated = config["max_position_embeddings"] ?? config["n_positions"];
  return typeof stated === "number" ? stated : 2048;
}

function checkVocabulary(config: JsonObject, path: string): void {
  const size = config["vocab_size"];
  const needed = tinyTokenizer().tokens.length;
  if (typeof size !== "number" || size >= needed) return;
  throw new LemError(
    "model.format",
    `${path}: vocab_size ${size} is below ${needed}, the least a dummy can tokenise with`,
    {
      place: { file: path, path: "vocab_size" },
    },
  );
}

function notWritable(modelType: JsonValue | undefined, path: string): LemError {
  return new LemError("model.format", `a dummy ${JSON.stringify(modelType)} cannot be written as GGUF`, {
    hint: "GGUF dummies are of type llama, mistral, qwen2 or qwen3; the transformers engine takes every architecture",
    place: { file: path, path: "model_type" },
  });
}
