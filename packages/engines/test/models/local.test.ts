import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPath } from "../../src/models/cache/record.ts";
import { resolveModel } from "../../src/models/resolve.ts";
import { tinyModel } from "../../src/models/tiny.ts";
import type { ModelRequest } from "../../src/models/request.ts";
import { hasCode, requestIn } from "./workplace.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<ModelRequest> {
  const { request } = await requestIn({ model: "./mine", formats: ["hf-folder", "gguf"] });
  await mkdir(join(request.cwd, "mine"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(request.cwd, "mine", name), content);
  return request;
}

const SOUND = { "config.json": `{"model_type": "llama"}`, "model.safetensors": "w" };

describe("a folder of the user", () => {
  test("is used where it is", async () => {
    const request = await folderWith(SOUND);
    expect(await resolveModel(request)).toEqual({
      requested: "./mine",
      name: "mine",
      source: "file",
      path: join(request.cwd, "mine"),
      format: "hf-folder",
      config: { model_type: "llama" },
      synthetic: false,
      weights: "files",
    });
  });

  test("with one GGUF file is that file", async () => {
    const request = await folderWith({});
    await copyFile(loadPath(await tinyModel("gguf", request)), join(request.cwd, "mine", "only.gguf"));
    expect(await resolveModel(request)).toMatchObject({ name: "only", format: "gguf", config: { hidden_size: 128 } });
  });

  test.each([
    ["nothing", {}],
    ["no config.json", { "model.safetensors": "w" }],
    ["no weights", { "config.json": SOUND["config.json"] }],
    ["a config.json that is no JSON", { ...SOUND, "config.json": "model: llama" }],
    ["a config.json without model_type", { ...SOUND, "config.json": "{}" }],
    ["several GGUF files", { "a.gguf": "", "b.gguf": "" }],
  ])("with %s is model.corrupt", async (_, files) => {
    await expect(resolveModel(await folderWith(files))).rejects.toSatisfy(hasCode("model.corrupt"));
  });

  test("is model.format for an engine that loads GGUF only", async () => {
    await expect(resolveModel({ ...(await folderWith(SOUND)), formats: ["gguf"] })).rejects.toSatisfy(
      hasCode("model.format"),
    );
  });
});

describe("a GGUF file of the user", () => {
  test("is used where it is, with its hash and shape", async () => {
    const { request } = await requestIn({ model: "mine.gguf" });
    const tiny = await tinyModel("gguf", request);
    await copyFile(loadPath(tiny), join(request.cwd, "mine.gguf"));
    expect(await resolveModel(request)).toMatchObject({
      name: "mine",
      path: join(request.cwd, "mine.gguf"),
      sha256: tiny.record.files["tiny.gguf"]?.sha256,
      synthetic: false,
      config: {
        model_type: "llama",
        num_key_value_heads: 2,
        head_dim: 32,
        vocab_size: 320,
        tie_word_embeddings: false,
      },
    });
  });

  test("that is cut off or garbage is model.corrupt", async () => {
    const { request } = await requestIn({ model: "mine.gguf" });
    const sound = await readFile(loadPath(await tinyModel("gguf", request)));
    for (const content of [sound.subarray(0, -1), sound.subarray(0, 100), Buffer.from("GGUF"), Buffer.alloc(1000, 7)]) {
      await writeFile(join(request.cwd, "mine.gguf"), content);
      await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.corrupt"));
    }
  });
});
