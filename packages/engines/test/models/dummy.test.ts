import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@lem/domain";
import { getLlama } from "node-llama-cpp";
import { describe, expect, test } from "vitest";
import { readGguf } from "../../src/models/gguf/read.ts";
import { resolveModel } from "../../src/models/resolve.ts";
import type { ModelRequest } from "../../src/models/request.ts";
import { hasCode, requestIn } from "./workplace.ts";

const LLAMA = {
  model_type: "llama",
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 96,
  vocab_size: 400,
  max_position_embeddings: 256,
  tie_word_embeddings: true,
};

async function dummyOf(config: JsonObject | string, formats: ModelRequest["formats"]): Promise<ModelRequest> {
  const { request } = await requestIn({ model: "dummy:config.json", formats });
  await writeFile(join(request.cwd, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return request;
}

describe("dummy as a Hugging Face folder", () => {
  test("takes any architecture, holds no weights and a tokenizer", async () => {
    const artifact = await resolveModel(
      await dummyOf({ model_type: "opt", vocab_size: 50_272 }, ["hf-folder", "gguf"]),
    );
    expect(artifact).toMatchObject({
      format: "hf-folder",
      source: "dummy",
      synthetic: true,
      weights: "random",
      config: { model_type: "opt" },
    });
    expect((await readdir(artifact.path)).toSorted()).toEqual([
      "config.json",
      "lem-model.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
  });

  test("keeps the tokenizer that lies beside the config", async () => {
    const request = await dummyOf(LLAMA, ["hf-folder"]);
    await writeFile(join(request.cwd, "tokenizer.json"), `{"own": true}`);
    await writeFile(join(request.cwd, "model.safetensors"), "weights stay where they are");
    const { path } = await resolveModel({ ...request, model: "dummy:." });
    expect((await readdir(path)).toSorted()).toEqual(["config.json", "lem-model.json", "tokenizer.json"]);
    expect(await readFile(join(path, "tokenizer.json"), "utf8")).toBe(`{"own": true}`);
  });
});

describe("dummy as GGUF", () => {
  test.each(["llama", "mistral", "qwen2", "qwen3"])(
    "%s loads and generates in llama.cpp",
    { timeout: 60_000 },
    async (model_type) => {
      const { path, config, ...artifact } = await resolveModel(await dummyOf({ ...LLAMA, model_type }, ["gguf"]));
      expect(artifact).toMatchObject({ format: "gguf", weights: "files", synthetic: true });
      expect(config).toMatchObject({
        hidden_size: 64,
        num_hidden_layers: 2,
        num_key_value_heads: 1,
        vocab_size: 400,
        tie_word_embeddings: true,
      });
      const llama = await getLlama({ gpu: false, build: "never" });
      const model = await llama.loadModel({ modelPath: path });
      const context = await model.createContext({ contextSize: 64 });
      const output: number[] = [];
      for await (const token of context.getSequence().evaluate(model.tokenize("hello there"), { temperature: 0 })) {
        output.push(token);
        if (output.length === 4) break;
      }
      expect(output.every((token) => token >= 0 && token < 400)).toBe(true);
      await llama.dispose();
    },
  );

  test("weights follow the seed", async () => {
    const request = await dummyOf(LLAMA, ["gguf"]);
    const hash = async (seed: number): Promise<string | undefined> => (await resolveModel({ ...request, seed })).sha256;
    expect(await hash(1)).not.toBe(await hash(2));
    expect(await hash(1)).toBe((await resolveModel({ ...(await dummyOf(LLAMA, ["gguf"])), seed: 1 })).sha256);
    expect((await readGguf((await resolveModel(request)).path)).tensors.some(({ type }) => type === 1)).toBe(true);
  });
});

test("an interrupt while gigabytes are written leaves nothing", async () => {
  const huge = { ...LLAMA, hidden_size: 4096, intermediate_size: 16_384, num_hidden_layers: 64 };
  const request = await dummyOf(huge, ["gguf"]);
  const promise = resolveModel({ ...request, signal: AbortSignal.timeout(200) });
  await expect(promise).rejects.toSatisfy(hasCode("run.interrupted"));
  expect(await readdir(join(request.modelsDir, "dummy"))).toEqual([]);
});

describe("what cannot be a dummy", () => {
  test("another architecture as GGUF is model.format, and so is a vocabulary too small for any tokenizer", async () => {
    await expect(resolveModel(await dummyOf({ ...LLAMA, model_type: "falcon" }, ["gguf"]))).rejects.toSatisfy(
      hasCode("model.format"),
    );
    await expect(resolveModel(await dummyOf({ ...LLAMA, vocab_size: 100 }, ["hf-folder"]))).rejects.toSatisfy(
      hasCode("model.format"),
    );
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no model_type", "{}"],
    ["a missing width", { ...LLAMA, hidden_size: null }],
    ["a broken depth", { ...LLAMA, num_hidden_layers: 1.5 }],
  ])("%s is model.corrupt", async (_, config) => {
    await expect(resolveModel(await dummyOf(config, ["gguf"]))).rejects.toSatisfy(hasCode("model.corrupt"));
  });
});
