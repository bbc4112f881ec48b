import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { WorkerCommand } from "../../src/adapter.ts";
import { loadPath } from "../../src/models/cache/record.ts";
import { resolveModel } from "../../src/models/resolve.ts";
import { tinyModel } from "../../src/models/tiny.ts";
import type { ModelRequest } from "../../src/models/request.ts";
import { hasCode, requestIn } from "./workplace.ts";

/** A stand-in for Python that writes a folder as the converter does, or fails; each start leaves a line in the log. */
async function converterIn(folder: string, does: string): Promise<WorkerCommand> {
  const file = join(folder, "python");
  const script = `const fs = require("node:fs"); const [, , script, source, target] = process.argv;
fs.appendFileSync(${JSON.stringify(join(folder, "log"))}, JSON.stringify({ script, source, offline: process.env.HF_HUB_OFFLINE, own: process.env.OWN, token: process.env.HF_TOKEN }) + "\\n");
${does}`;
  await writeFile(file, `#!${process.execPath}\n${script}\n`);
  await chmod(file, 0o755);
  return { file, args: [], env: { OWN: "set" } };
}

const WRITES = `fs.writeFileSync(target + "/config.json", '{"model_type": "llama"}'); fs.writeFileSync(target + "/model.safetensors", "w");`;

async function ggufRequest(does: string): Promise<ModelRequest> {
  const { request } = await requestIn({ formats: ["hf-folder"] });
  const gguf = loadPath(await tinyModel("gguf", request));
  const env = { ...request.env, HF_TOKEN: "hf_secret" };
  return { ...request, env, model: gguf, converter: await converterIn(request.cwd, does) };
}

describe("a GGUF file for an engine that loads folders only", () => {
  test("is converted once", async () => {
    const request = await ggufRequest(WRITES);
    const artifact = await resolveModel(request);
    expect(artifact).toMatchObject({
      format: "hf-folder",
      name: "tiny",
      source: "converted:file",
      config: { model_type: "llama" },
    });
    expect(await resolveModel(request)).toEqual(artifact);
    const log = (await readFile(join(request.cwd, "log"), "utf8")).trim().split("\n");
    expect(log.map((line) => JSON.parse(line) as unknown)).toEqual([
      { script: expect.stringMatching(/convert\.py$/), source: request.model, offline: "1", own: "set" },
    ]);
  });

  test("is model.format when the converter fails, and nothing is left", async () => {
    const request = await ggufRequest(
      `fs.writeFileSync(target + "/config.json", "half"); console.error("ValueError: no"); process.exit(1);`,
    );
    const error: unknown = await resolveModel(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "model.format", message: expect.stringContaining("ValueError: no") });
    expect(await readdir(join(request.modelsDir, "converted"))).toEqual([]);
  });

  test("is model.format without a converter", async () => {
    const { converter: _, ...request } = await ggufRequest(WRITES);
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.format"));
  });
});
