import { join } from "node:path";
import { isLemError, type JsonObject } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { readGguf } from "../../../src/models/gguf/read.ts";
import { configOfGguf } from "../../../src/models/gguf/shape.ts";
import { writeGguf, type TypedValue } from "../../../src/models/gguf/write.ts";
import { temporaryFolder } from "../workplace.ts";

interface Header {
  readonly architecture: string;
  readonly numbers?: Readonly<Record<string, number>>;
  readonly tensors?: readonly string[];
}

const BASE = {
  embedding_length: 64,
  block_count: 2,
  "attention.head_count": 4,
  context_length: 512,
  feed_forward_length: 128,
};

/** Writes a header alone (its tensors are of size 1) and says it as a config. */
async function configOf({ architecture, numbers = {}, tensors = [] }: Header): Promise<JsonObject> {
  const path = join(await temporaryFolder(), "x.gguf");
  const metadata = new Map<string, TypedValue>([["general.architecture", { type: "string", value: architecture }]]);
  for (const [key, value] of Object.entries({ ...BASE, ...numbers })) {
    metadata.set(`${architecture}.${key}`, { type: "u32", value });
  }
  const one = { dims: [1], type: 0, data: () => [new Uint8Array(4)] } as const;
  const embedding = { name: "token_embd.weight", dims: [2, 10], type: 0, data: () => [new Uint8Array(80)] } as const;
  await writeGguf(path, metadata, [embedding, ...tensors.map((name) => ({ name, ...one }))]);
  return configOfGguf(await readGguf(path), path);
}

describe("configOfGguf", () => {
  test("llama, with grouped queries and an output matrix of its own", async () => {
    const config = await configOf({
      architecture: "llama",
      numbers: { "attention.head_count_kv": 2 },
      tensors: ["output.weight"],
    });
    expect(config).toMatchObject({
      model_type: "llama",
      architectures: ["LlamaForCausalLM"],
      hidden_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 16,
      intermediate_size: 128,
      vocab_size: 10,
      max_position_embeddings: 512,
      tie_word_embeddings: false,
      sliding_window: null,
      attention_bias: false,
    });
  });

  test("a window makes a llama a mistral, experts a mixtral", async () => {
    expect(await configOf({ architecture: "llama", numbers: { "attention.sliding_window": 256 } })).toMatchObject({
      model_type: "mistral",
      sliding_window: 256,
    });
    expect(await configOf({ architecture: "llama", numbers: { expert_count: 8, expert_used_count: 2 } })).toMatchObject(
      {
        model_type: "mixtral",
        num_local_experts: 8,
        num_experts_per_tok: 2,
      },
    );
  });

  test("head width and biases come from the file, not from a division", async () => {
    const config = await configOf({ architecture: "qwen3", numbers: { "attention.key_length": 32 } });
    expect(config).toMatchObject({ model_type: "qwen3", head_dim: 32, tie_word_embeddings: true });
    expect(await configOf({ architecture: "qwen2", tensors: ["blk.0.attn_q.bias"] })).toMatchObject({
      attention_bias: true,
    });
  });

  test("gemma2 alternates windowed and full layers", async () => {
    expect(await configOf({ architecture: "gemma2", numbers: { "attention.sliding_window": 128 } })).toMatchObject({
      model_type: "gemma2",
      layer_types: ["sliding_attention", "full_attention"],
      sliding_window: 128,
    });
  });

  test("gpt2 uses its own names", async () => {
    const config = await configOf({ architecture: "gpt2" });
    expect(config).toMatchObject({
      model_type: "gpt2",
      n_embd: 64,
      n_layer: 2,
      n_head: 4,
      n_positions: 512,
      n_inner: 128,
    });
    expect(config).not.toHaveProperty("hidden_size");
  });

  test("gptneox, phi3 and falcon", async () => {
    expect(await configOf({ architecture: "gptneox" })).toMatchObject({
      model_type: "gpt_neox",
      intermediate_size: 128,
    });
    expect(await configOf({ architecture: "phi3" })).toMatchObject({
      model_type: "phi3",
      architectures: ["Phi3ForCausalLM"],
    });
    expect(await configOf({ architecture: "falcon", numbers: { "attention.head_count_kv": 1 } })).toMatchObject({
      model_type: "falcon",
      multi_query: true,
      num_kv_heads: 1,
      new_decoder_architecture: false,
      ffn_hidden_size: 128,
    });
    const newer = {
      architecture: "falcon",
      numbers: { "attention.head_count_kv": 2 },
      tensors: ["blk.0.attn_norm_2.weight"],
    };
    expect(await configOf(newer)).toMatchObject({
      multi_query: false,
      num_kv_heads: 2,
      new_decoder_architecture: true,
    });
  });

  test("an architecture that is not known keeps its name and claims no class", async () => {
    const config = await configOf({ architecture: "mamba9" });
    expect(config).toMatchObject({ model_type: "mamba9", hidden_size: 64 });
    expect(config).not.toHaveProperty("architectures");
  });

  test("without width, depth or heads it is model.corrupt", () => {
    const header = { version: 3, metadata: new Map([["general.architecture", "llama"]]), tensors: [] };
    for (const metadata of [header.metadata, new Map<string, string>()]) {
      expect(() => configOfGguf({ ...header, metadata }, "x")).toThrow(
        expect.toSatisfy((e) => isLemError(e, "model.corrupt")),
      );
    }
  });
});
