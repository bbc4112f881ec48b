import { describe, expect, it } from "vitest";
import { findingCodes, markedPaths, runWith } from "./extra.ts";

const TIMEOUT = { timeout: 900_000 };

describe("keys of extra reach the engine, and the result marks them", () => {
  it("transformers: in every section that a model on a processor can have", TIMEOUT, async () => {
    const extra = {
      load: { attn_implementation: "eager" },
      generation: { do_sample: true, top_k: 7 },
      tokenizer: { padding_side: "left" },
      compile: { backend: "eager" },
    };
    const { code, said, result } = await runWith("transformers", { extra });
    expect(code, said).toBe(0);
    expect(result.config.unchecked).toEqual(markedPaths("transformers", extra));
    expect(result.config.effective).toMatchObject(extra);
    expect(findingCodes(result)).toContain("quality.unchecked-keys");
  });

  it.each([
    ["load", { no_such_key: 1 }, "no_such_key"],
    ["generation", { no_such_key: 1 }, "no_such_key"],
    ["quantization", { quant_method: "gptq", bits: 4 }, "optimum"],
    ["adapter", { model_id: "org/no-such-adapter" }, "no-such-adapter"],
    ["compile", { no_such_key: 1 }, "no_such_key"],
  ])("transformers: what the engine says of extra.%s comes back", TIMEOUT, async (section, keys, words) => {
    const { code, said, result } = await runWith("transformers", { extra: { [section]: keys } });
    expect([code, result.status]).toEqual([1, "failed"]);
    expect(said).toContain(words);
    expect(result.config.unchecked).toEqual(markedPaths("transformers", { [section]: keys }));
  });

  it("vllm: in both sections", TIMEOUT, async () => {
    const engine = { kv_cache_memory_bytes: 2 ** 29, enforce_eager: true, max_model_len: 128 };
    const extra = { engine: { max_num_seqs: 3 }, sampling: { temperature: 0.5, top_k: 7 } };
    const { code, said, result } = await runWith("vllm", { engine, extra });
    expect(code, said).toBe(0);
    expect(result.config.unchecked).toEqual(markedPaths("vllm", extra));
    expect(result.config.effective).toMatchObject(extra);
    expect(findingCodes(result)).toContain("quality.unchecked-keys");
  });

  it.each([
    ["engine", { no_such_key: 1 }],
    ["sampling", { no_such_key: 1 }],
  ])("vllm: what the engine says of extra.%s comes back", TIMEOUT, async (section, keys) => {
    const engine = { kv_cache_memory_bytes: 2 ** 29, enforce_eager: true, max_model_len: 128 };
    const { code, said, result } = await runWith("vllm", { engine, extra: { [section]: keys } });
    expect([code, result.status]).toEqual([1, "failed"]);
    expect(said).toContain("no_such_key");
    expect(result.config.unchecked).toEqual(markedPaths("vllm", { [section]: keys }));
  });
});
