import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelShape } from "../../src/models/shape.ts";
import { startHub } from "./fake-hub.ts";
import { hasCode, requestIn } from "./workplace.ts";

test("an alias is known without network or cache", async () => {
  const { request } = await requestIn({ model: "smollm2-135m" });
  expect(await modelShape(request)).toMatchObject({ model_type: "llama", hidden_size: 576, num_hidden_layers: 30 });
  expect(existsSync(request.modelsDir)).toBe(false);
});

test("a config.json, a dummy of it and its folder are the same shape", async () => {
  const { request } = await requestIn();
  await mkdir(join(request.cwd, "mine"));
  await writeFile(join(request.cwd, "mine", "config.json"), `{"model_type": "opt"}`);
  for (const model of ["mine/config.json", "dummy:mine", "./mine"]) {
    expect(await modelShape({ ...request, model })).toEqual({ model_type: "opt" });
  }
  await expect(modelShape({ ...request, model: "other/config.json" })).rejects.toSatisfy(hasCode("model.not-found"));
});

test("of a hub model only the config.json is fetched, and nothing stays", async () => {
  const config = Buffer.from(`{"model_type": "llama"}`);
  const hub = await startHub({
    "config.json": { content: config, small: true },
    "model.safetensors": { content: config },
  });
  try {
    const { request } = await requestIn({ model: "org/model", env: { HF_ENDPOINT: hub.url } });
    expect(await modelShape(request)).toEqual({ model_type: "llama" });
    expect(hub.downloads()).toHaveLength(1);
    expect(await readdir(request.modelsDir)).toEqual([]);
  } finally {
    await hub.close();
  }
});
