import type { JsonObject } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { isKnownShape, KNOWN_MODEL_TYPES, readShape } from "../../src/flops/read-shape.ts";

const LLAMA: JsonObject = {
  model_type: "llama",
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 96,
  vocab_size: 128,
};

describe("model types", () => {
  it("hold at least the families that lem promises", () => {
    const promised = ["llama", "qwen2", "qwen3", "mistral", "gemma2", "phi3", "gpt2", "gpt_neox", "opt", "falcon"];
    expect(KNOWN_MODEL_TYPES).toEqual(expect.arrayContaining(promised));
  });

  it.each(KNOWN_MODEL_TYPES)("%s is known, alone and inside a multi-modal config", (model_type) => {
    expect(isKnownShape({ model_type })).toBe(true);
    expect(isKnownShape({ model_type: "llava", text_config: { model_type } })).toBe(true);
  });

  it.each(["", "mamba", "toString", "__proto__"])("%j is not known", (model_type) => {
    expect(isKnownShape({ model_type })).toBe(false);
  });
});

describe("windows", () => {
  const windows = (changes: JsonObject): (number | null)[] =>
    readShape({ ...LLAMA, num_hidden_layers: 4, ...changes }).shape.layers.map(({ attention }) => attention.window);

  it("of Mistral are those of every layer, and none where the config says null", () => {
    expect(windows({ model_type: "mistral", sliding_window: 8 })).toEqual([8, 8, 8, 8]);
    expect(windows({ model_type: "mistral", sliding_window: null })).toEqual([null, null, null, null]);
    expect(windows({ model_type: "mistral" })).toEqual([4096, 4096, 4096, 4096]);
  });

  it("of Qwen2 need to be switched on", () => {
    const layers = { model_type: "qwen2", sliding_window: 8, max_window_layers: 3 };
    expect(windows(layers)).toEqual([null, null, null, null]);
    expect(windows({ ...layers, use_sliding_window: true })).toEqual([null, null, null, 8]);
  });

  it("of Gemma 2 are those of every other layer, or of the layers it names", () => {
    expect(windows({ model_type: "gemma2", sliding_window: 8 })).toEqual([8, null, 8, null]);
    const layer_types = ["full_attention", "full_attention", "full_attention", "sliding_attention"];
    expect(windows({ model_type: "gemma2", sliding_window: 8, layer_types })).toEqual([null, null, null, 8]);
  });
});

describe("a config without a readable shape is refused", () => {
  it.each<[string, JsonObject]>([
    ["an unknown model_type", { model_type: "mamba" }],
    ["no model_type", { hidden_size: 64 }],
    ["a size that is no number", { ...LLAMA, hidden_size: "64" }],
    ["a size that is no whole number", { ...LLAMA, num_hidden_layers: 2.5 }],
    ["a size below one", { ...LLAMA, vocab_size: 0 }],
    ["a flag that is no boolean", { ...LLAMA, tie_word_embeddings: 1 }],
    [
      "layer types of another attention",
      { ...LLAMA, model_type: "qwen2", layer_types: ["linear_attention", "full_attention"] },
    ],
    ["too few layer types", { ...LLAMA, model_type: "qwen2", layer_types: ["full_attention"] }],
    ["GPT-2 with cross-attention", { model_type: "gpt2", add_cross_attention: true }],
  ])("%s", (_, config) => {
    expect(() => readShape(config)).toThrow(expect.objectContaining({ code: "flops.unknown-shape" }));
  });
});
