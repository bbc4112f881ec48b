import { LemError } from "@lem/domain";
import { writeGguf, type TensorSource, type TypedValue } from "../gguf/write.ts";
import { llamaTensors, type LlamaShape, type LlamaTensor } from "./llama-shape.ts";
import { CHAT_TEMPLATE, tinyTokenizer } from "./tokenizer.ts";
import { float16Weights, float32Weights, type Weights } from "./weights.ts";

/** How a random llama-like model is written as GGUF. */
export interface RandomGguf {
  readonly name: string;
  readonly shape: LlamaShape;
  readonly seed: number;
  /** float32 keeps the same numbers as the Hugging Face folder of the same seed; float16 is for size and speed. */
  readonly precision: "float32" | "float16";
  /** Stops the writing of gigabytes. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a llama-like model with random weights and the tiny tokenizer.
 * @throws LemError `run.interrupted`, and the file system's own errors
 */
export async function writeRandomGguf(path: string, model: RandomGguf): Promise<void> {
  const tensors = llamaTensors(model.shape).map((tensor) => tensorSource(model, tensor));
  await writeGguf(path, metadataOf(model), tensors);
}

function tensorSource({ shape, seed, precision, signal }: RandomGguf, tensor: LlamaTensor): TensorSource {
  const { rows = 1, columns, fill, rotaryHeads } = tensor;
  const weights: Weights = { name: tensor.hf, values: rows * columns, fill, seed };
  const half = precision === "float16" && tensor.rows !== undefined;
  const data = (): Iterable<Uint8Array> => {
    if (half) return interruptible(float16Weights(weights), signal);
    const plain = interruptible(float32Weights(weights), signal);
    return rotaryHeads === undefined ? plain : [interleaveHeads(plain, shape.headDim, columns * 4)];
  };
  const dims = tensor.rows === undefined ? [columns] : [columns, rows];
  return { name: tensor.gguf, dims, type: half ? 1 : 0, data };
}

function* interruptible(chunks: Iterable<Uint8Array>, signal: AbortSignal | undefined): Generator<Uint8Array> {
  for (const chunk of chunks) {
    if (signal?.aborted === true) throw new LemError("run.interrupted", "stopped while writing random weights");
    yield chunk;
  }
}

/**
 * Reorders the rows of a rotary projection from Hugging Face's order (first halves, then second halves, of each head)
 * to GGUF's (first and second half in turn). Random float16 tensors need no order: no second file holds the same numbers.
 */
function interleaveHeads(chunks: Iterable<Uint8Array>, headDim: number, rowBytes: number): Uint8Array {
  const source = Buffer.concat([...chunks]);
  const target = Buffer.alloc(source.length);
  const half = headDim / 2;
  for (let row = 0; row < source.length / rowBytes; row += 1) {
    const inHead = row % headDim;
    const to = row - inHead + (inHead % half) * 2 + Math.floor(inHead / half);
    source.copy(target, to * rowBytes, row * rowBytes, (row + 1) * rowBytes);
  }
  return target;
}

const text = (value: string): TypedValue => ({ type: "string", value });
const u32 = (value: number): TypedValue => ({ type: "u32", value });
const f32 = (value: number): TypedValue => ({ type: "f32", value });
const bool = (value: boolean): TypedValue => ({ type: "bool", value });

function metadataOf({ name, shape, precision }: RandomGguf): Map<string, TypedValue> {
  const architecture = shape.family === "mistral" ? "llama" : shape.family;
  const own: [string, TypedValue][] = [
    ["block_count", u32(shape.layers)],
    ["context_length", u32(shape.context)],
    ["embedding_length", u32(shape.hidden)],
    ["feed_forward_length", u32(shape.intermediate)],
    ["attention.head_count", u32(shape.heads)],
    ["attention.head_count_kv", u32(shape.keyValueHeads)],
    ["attention.key_length", u32(shape.headDim)],
    ["attention.value_length", u32(shape.headDim)],
    ["attention.layer_norm_rms_epsilon", f32(shape.epsilon)],
    ["rope.dimension_count", u32(shape.headDim)],
    ["rope.freq_base", f32(shape.ropeTheta)],
    ["vocab_size", u32(shape.vocabulary)],
  ];
  if (shape.slidingWindow !== null) own.push(["attention.sliding_window", u32(shape.slidingWindow)]);
  return new Map([
    ["general.architecture", text(architecture)],
    ["general.type", text("model")],
    ["general.name", text(name)],
    ["general.file_type", u32(precision === "float16" ? 1 : 0)],
    ...own.map(([key, value]): [string, TypedValue] => [`${architecture}.${key}`, value]),
    ...tokenizerMetadata(shape.vocabulary),
  ]);
}

const NORMAL = 1;
const CONTROL = 3;
const UNUSED = 5;

function tokenizerMetadata(vocabulary: number): [string, TypedValue][] {
  const { tokens, merges } = tinyTokenizer();
  const unused = Array.from({ length: vocabulary - tokens.length }, (_, i) => `<|unused_${i}|>`);
  const types = [CONTROL, ...tokens.slice(1).map(() => NORMAL), ...unused.map(() => UNUSED)];
  return [
    ["tokenizer.ggml.model", text("gpt2")],
    ["tokenizer.ggml.pre", text("gpt-2")],
    ["tokenizer.ggml.tokens", { type: "strings", value: [...tokens, ...unused] }],
    ["tokenizer.ggml.token_type", { type: "i32s", value: types }],
    ["tokenizer.ggml.merges", { type: "strings", value: merges.map((pair) => pair.join(" ")) }],
    ["tokenizer.ggml.bos_token_id", u32(0)],
    ["tokenizer.ggml.eos_token_id", u32(0)],
    ["tokenizer.ggml.padding_token_id", u32(0)],
    ["tokenizer.ggml.add_bos_token", bool(false)],
    ["tokenizer.ggml.add_eos_token", bool(false)],
    ["tokenizer.chat_template", text(CHAT_TEMPLATE)],
  ];
}
