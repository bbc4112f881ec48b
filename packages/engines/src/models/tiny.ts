import { join } from "node:path";
import type { ModelFormat } from "../adapter.ts";
import { storeModel } from "./cache/store.ts";
import type { ModelFacts, StoredModel } from "./cache/record.ts";
import { writeRandomFolder } from "./random/llama-folder.ts";
import { writeRandomGguf } from "./random/llama-gguf.ts";
import type { LlamaShape } from "./random/llama-shape.ts";

/** Its name in configurations. */
export const TINY_NAME = "builtin:tiny";

/** Changes when the files change, so that an older cache is not taken for this version. */
const VERSION = 1;
const SEED = 1;

/** A llama of 0.87 million parameters: small enough to generate in a blink, with grouped queries like its big sisters. */
const SHAPE: LlamaShape = {
  family: "llama",
  hidden: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 2,
  headDim: 32,
  intermediate: 384,
  vocabulary: 320,
  context: 4096,
  ropeTheta: 10_000,
  epsilon: 1e-5,
  slidingWindow: null,
  tied: false,
};

/** Where and when the model is made. */
export interface TinyOptions {
  readonly modelsDir: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The generated model that needs no network: random float32 weights of a fixed seed, the same numbers in both formats,
 * and a byte-level tokenizer that every engine reads alike. Made once, byte for byte the same on every machine.
 * @throws LemError `io.*`
 */
export async function tinyModel(format: ModelFormat, { modelsDir, signal }: TinyOptions): Promise<StoredModel> {
  const folder = join(modelsDir, "builtin", `tiny-${VERSION}-${format}`);
  const random = { name: "tiny", shape: SHAPE, seed: SEED } as const;
  const produce = async (temporary: string): Promise<ModelFacts> => {
    if (format === "gguf") await writeRandomGguf(join(temporary, "tiny.gguf"), { ...random, precision: "float32" });
    else await writeRandomFolder(temporary, random);
    return { name: TINY_NAME, format, source: "builtin", synthetic: true, weights: "files" };
  };
  return storeModel({ folder, signal, produce });
}
