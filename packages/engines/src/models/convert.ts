import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LemError } from "@lem/domain";
import { runCommand, toolEnvironment } from "../runners/command.ts";
import type { ModelFacts, StoredModel } from "./cache/record.ts";
import { storeModel } from "./cache/store.ts";
import type { ModelRequest } from "./request.ts";

/** A GGUF file that an engine wants as a folder. */
export interface Conversion {
  readonly path: string;
  readonly sha256: string;
  readonly name: string;
  readonly source: string;
  readonly synthetic: boolean;
}

/** Changes when the result changes. */
const VERSION = 1;
const SCRIPT = fileURLToPath(new URL("./convert.py", import.meta.url));

/**
 * Converts a GGUF file to a Hugging Face folder with bfloat16 weights; done once for each content, minutes for large
 * models.
 * @throws LemError `model.format` without a converter or when it fails, `io.*`, `run.interrupted`
 */
export async function convertModel(from: Conversion, request: ModelRequest): Promise<StoredModel> {
  const { converter, modelsDir, signal } = request;
  if (converter === undefined) throw noConverter(from.path);
  const folder = join(modelsDir, "converted", `${from.sha256.slice(0, 16)}-${VERSION}`);
  const produce = async (temporary: string): Promise<ModelFacts> => {
    const outcome = await runCommand({
      file: converter.file,
      args: [...converter.args, SCRIPT, from.path, temporary],
      env: { ...toolEnvironment(request.env), ...converter.env, HF_HUB_OFFLINE: "1" },
      ...(signal === undefined ? {} : { signal }),
    });
    if (outcome.exitCode !== 0) throw failed(from.path, outcome.stderrTail);
    const { name, source, synthetic } = from;
    return { name, format: "hf-folder", source: `converted:${source}`, synthetic, weights: "files" };
  };
  return storeModel({ folder, signal, produce });
}

function noConverter(path: string): LemError {
  return new LemError("model.format", `${path} is GGUF, and this engine loads Hugging Face folders only`, {
    hint: "install the transformers engine, which converts it: lem engines install transformers",
  });
}

function failed(path: string, stderr: string): LemError {
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return new LemError("model.format", `${path} could not be converted to a Hugging Face folder: ${said}`, {
    hint: "choose an engine that loads GGUF",
    context: { stderr },
  });
}
