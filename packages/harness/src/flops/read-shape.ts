import { LemError, type JsonObject } from "@lem/domain";
import { configFields, type ConfigFields } from "./config-fields.ts";
import { falconShape } from "./families/falcon.ts";
import { gpt2Shape } from "./families/gpt2.ts";
import { gptNeoxShape } from "./families/gpt-neox.ts";
import { LLAMA_LIKE } from "./families/llama-defaults.ts";
import { llamaLikeShape } from "./families/llama-like.ts";
import { optShape } from "./families/opt.ts";
import type { ModelShape } from "./shape.ts";

type ShapeReader = (fields: ConfigFields) => ModelShape;

const READERS: ReadonlyMap<string, ShapeReader> = new Map<string, ShapeReader>([
  ...Object.entries(LLAMA_LIKE).map(([type, defaults]): [string, ShapeReader] => [
    type,
    (fields) => llamaLikeShape(fields, defaults),
  ]),
  ["gpt2", gpt2Shape],
  ["gpt_neox", gptNeoxShape],
  ["opt", optShape],
  ["falcon", falconShape],
]);

/** The model types whose shape can be read, as config.json names them. */
export const KNOWN_MODEL_TYPES: readonly string[] = [...READERS.keys()].toSorted();

/** A shape, with what a reader of its figures should know. */
export interface ReadShape {
  readonly shape: ModelShape;
  /** Why its figures may be less than exact; empty when nothing stands against them. */
  readonly notes: readonly string[];
}

/** True when the config, or the language model inside it, is of a known type. */
export const isKnownShape = (config: JsonObject): boolean => READERS.has(modelTypeOf(languageModel(config)));

/**
 * Reads the shape of a language model from its config.json; of a multi-modal one, the language model's.
 * @throws LemError `flops.unknown-shape` for an unknown model_type or a value that cannot be a shape
 */
export function readShape(config: JsonObject): ReadShape {
  const inside = languageModel(config);
  const modelType = modelTypeOf(inside);
  const reader = READERS.get(modelType);
  if (reader === undefined) throw unknownType(modelType);
  const fields = configFields(inside, modelType);
  const shape = reader(fields);
  return { shape, notes: notesOn(config, inside, fields) };
}

/** Multi-modal configs keep the language model's under `text_config`. */
function languageModel(config: JsonObject): JsonObject {
  const text = config["text_config"];
  return isObject(text) ? text : config;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function modelTypeOf(config: JsonObject): string {
  const type = config["model_type"];
  return typeof type === "string" ? type : "";
}

function notesOn(config: JsonObject, inside: JsonObject, fields: ConfigFields): readonly string[] {
  const notes: string[] = [];
  if (inside !== config) notes.push("the language model inside text_config only; other parts are not counted");
  if (isObject(inside["quantization_config"]))
    notes.push("quantized weights are counted as the products they stand for");
  const sizes = [...fields.defaulted].filter((name) => SIZES.has(name));
  if (sizes.length > 0) notes.push(`${sizes.join(", ")} not in config.json: default of the model type`);
  return notes;
}

/** Keys that every published config.json writes: a default taken for one is worth saying. */
const SIZES: ReadonlySet<string> = new Set([
  "hidden_size",
  "n_embd",
  "num_hidden_layers",
  "n_layer",
  "num_attention_heads",
  "n_head",
  "vocab_size",
  "intermediate_size",
  "ffn_dim",
]);

const unknownType = (modelType: string): LemError =>
  new LemError(
    "flops.unknown-shape",
    modelType === "" ? "the config has no model_type" : `unknown model_type "${modelType}"`,
    {
      hint: `known are ${KNOWN_MODEL_TYPES.join(", ")}`,
      place: { path: "model_type" },
      context: { modelType },
    },
  );
