import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getLlama } from "node-llama-cpp";
import { describe, expect, test } from "vitest";
import { loadPath } from "../../src/models/cache/record.ts";
import { tinyModel } from "../../src/models/tiny.ts";
import { temporaryFolder } from "./workplace.ts";

describe("builtin:tiny", () => {
  test("is the same on every machine, in both formats", async () => {
    const modelsDir = await temporaryFolder();
    const hashes = async (format: "gguf" | "hf-folder"): Promise<Record<string, string>> => {
      const { record } = await tinyModel(format, { modelsDir });
      expect(record).toMatchObject({ format, source: "builtin", synthetic: true, weights: "files" });
      return Object.fromEntries(Object.entries(record.files).map(([name, { sha256 }]) => [name, sha256]));
    };
    expect({ ...(await hashes("gguf")), ...(await hashes("hf-folder")) }).toMatchInlineSnapshot(`
      {
        "config.json": "76a69bcd081bd94c733960e82ef1a069c68a1a9da2b8c4479379e9aabe04201d",
        "generation_config.json": "3298f57851c26a2e62e8f40db2ea1a92db5b55c3dfbfac00c1eb50ed97c9a68f",
        "model.safetensors": "5ed11aa0521f8a740765c7fb26b16a696878e9502cabf191002fdb7019bb5c7f",
        "tiny.gguf": "668e1a78a46aae3d993293872f741e97f610e286039e273174da23fa595398de",
        "tokenizer.json": "b3978c43e572e6a4c593339fd12841ceaf4c908bca642cb07b369be43b71a86e",
        "tokenizer_config.json": "65e2104eea20f6ab08c237dd63ab608a89ca38117f2e50b3e5b042b7c891bf41",
      }
    `);
  });

  test("is made again when its file was damaged", async () => {
    const modelsDir = await temporaryFolder();
    const path = loadPath(await tinyModel("gguf", { modelsDir }));
    const sound = await readFile(path);
    await writeFile(path, sound.subarray(0, 1000));
    expect(loadPath(await tinyModel("gguf", { modelsDir }))).toBe(path);
    expect(await readFile(path)).toEqual(sound);
  });

  test("loads, tokenises and generates in llama.cpp as it does in transformers", { timeout: 60_000 }, async () => {
    const modelsDir = await temporaryFolder();
    const { tokens } = JSON.parse(await readFile(join(import.meta.dirname, "tiny.expected.json"), "utf8"));
    const llama = await getLlama({ gpu: false, build: "never" });
    const model = await llama.loadModel({ modelPath: loadPath(await tinyModel("gguf", { modelsDir })) });
    const text = "The cat sat on the mat; it's 1234 o'clock.\n\n  Über naïve 日本 🙂\tx";
    expect(model.tokenize(text)).toEqual(tokens.text);
    expect(model.detokenize(model.tokenize(text))).toBe(text);
    const context = await model.createContext({ contextSize: 256 });
    const output: number[] = [];
    for await (const token of context
      .getSequence()
      .evaluate(model.tokenize("The cat sat on the mat"), { temperature: 0 })) {
      output.push(token);
      if (output.length === tokens.greedy.length) break;
    }
    expect(output).toEqual(tokens.greedy);
    await llama.dispose();
  });
});
