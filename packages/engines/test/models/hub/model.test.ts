import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { resolveModel } from "../../../src/models/resolve.ts";
import { loadPath } from "../../../src/models/cache/record.ts";
import { tinyModel } from "../../../src/models/tiny.ts";
import { COMMIT, startHub, type FakeHub, type ServedFile } from "../fake-hub.ts";
import { hasCode, requestIn, temporaryFolder } from "../workplace.ts";
import type { ModelRequest } from "../../../src/models/request.ts";

const WEIGHTS = Buffer.alloc(300_000, "weights");
const CONFIG = Buffer.from(JSON.stringify({ model_type: "llama", hidden_size: 64 }));
const FOLDER: Record<string, ServedFile> = {
  "config.json": { content: CONFIG, small: true },
  "model.safetensors": { content: WEIGHTS },
  "tokenizer.json": { content: Buffer.from("{}"), small: true },
  "README.md": { content: Buffer.from("# no"), small: true },
  "modeling.py": { content: Buffer.from("evil()"), small: true },
  "pytorch_model.bin": { content: Buffer.from("pickle") },
};

let hub: FakeHub;

beforeEach(async () => {
  hub = await startHub(FOLDER);
});
afterEach(() => hub.close());

async function ask(more: Partial<ModelRequest> = {}): Promise<Awaited<ReturnType<typeof requestIn>>> {
  return requestIn({ model: "org/model", formats: ["hf-folder"], env: { HF_ENDPOINT: hub.url }, ...more });
}

describe("a model of the hub", () => {
  test("is pinned to its commit, checked, and without code, pickles or papers", async () => {
    const { request, events } = await ask();
    const artifact = await resolveModel(request);
    expect(artifact).toMatchObject({
      requested: "org/model",
      format: "hf-folder",
      source: "hub:org/model",
      revision: COMMIT,
      synthetic: false,
      weights: "files",
      config: { model_type: "llama" },
    });
    expect((await readdir(artifact.path)).toSorted()).toEqual([
      "config.json",
      "lem-model.json",
      "model.safetensors",
      "tokenizer.json",
    ]);
    expect(await readFile(join(artifact.path, "model.safetensors"))).toEqual(WEIGHTS);
    const total = WEIGHTS.length + CONFIG.length + 2;
    expect(events.at(-2)).toEqual({ type: "download-progress", name: "org/model", received_b: total, total_b: total });
    expect(events.at(-1)).toMatchObject({ type: "model-ready", from: "hub:org/model" });
  });

  test("is not fetched twice, and a commit is not even asked for", async () => {
    const { request } = await ask();
    await resolveModel(request);
    const fetched = hub.downloads().length;
    await resolveModel(request);
    expect(hub.downloads()).toHaveLength(fetched);
    const asked = hub.asked.length;
    await resolveModel({ ...request, model: `org/model@${COMMIT}` });
    expect(hub.asked).toHaveLength(asked);
  });

  test("serves from the cache when the hub is silent, switched off or gone", async () => {
    const { request } = await ask();
    const first = await resolveModel(request);
    hub.behaviour.delayMs = 1000;
    expect(await resolveModel({ ...request, hubTimeoutMs: 50 })).toEqual(first);
    expect(await resolveModel({ ...request, env: { ...request.env, HF_HUB_OFFLINE: "1" } })).toEqual(first);
    expect(await resolveModel({ ...request, env: { HF_ENDPOINT: "http://127.0.0.1:1" } })).toEqual(first);
  });

  test("goes on after a broken connection, in the same run", async () => {
    Object.assign(hub.behaviour, { breakAfter: 100_000, breaks: 2 });
    const { request } = await ask();
    const { path } = await resolveModel(request);
    expect(await readFile(join(path, "model.safetensors"))).toEqual(WEIGHTS);
    const ranges = hub
      .downloads()
      .map(({ headers }) => headers.range)
      .filter((range) => range !== undefined);
    expect(ranges).toEqual(["bytes=100000-", "bytes=200000-"]);
  });

  test("goes on in the next run where an interrupted one stopped", async () => {
    hub.behaviour.breakAfter = 100_000;
    hub.behaviour.breaks = 1;
    const { request } = await ask();
    const abort = new AbortController();
    const emit: ModelRequest["emit"] = (event) =>
      event.type === "download-progress" && event.received_b >= 100_000 && abort.abort();
    await expect(resolveModel({ ...request, emit, signal: abort.signal })).rejects.toSatisfy(
      hasCode("run.interrupted"),
    );
    const { size } = await stat(
      join(request.modelsDir, "hub", "org--model", COMMIT, "hf-folder", "model.safetensors.part"),
    );
    expect(size).toBeGreaterThan(0);
    hub.asked.length = 0;
    await resolveModel(request);
    expect(hub.downloads()[0]?.headers.range).toBe(`bytes=${size}-`);
  });

  test("is model.download-interrupted when no more bytes come", async () => {
    hub.behaviour.breakAfter = 0;
    const { request } = await ask();
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.download-interrupted"));
  });

  test("starts over with a server that cannot go on", async () => {
    Object.assign(hub.behaviour, { breakAfter: 100_000, breaks: 1, wholeOnly: true });
    const { request } = await ask();
    const { path } = await resolveModel(request);
    expect(await readFile(join(path, "model.safetensors"))).toEqual(WEIGHTS);
  });

  test("is fetched again where the cache is damaged, and only there", async () => {
    const { request } = await ask();
    const { path } = await resolveModel(request);
    await writeFile(join(path, "model.safetensors"), Buffer.alloc(WEIGHTS.length));
    hub.asked.length = 0;
    await resolveModel(request);
    expect(hub.downloads().map((asked) => asked.path)).toEqual([`/org/model/resolve/${COMMIT}/model.safetensors`]);
    expect(await readFile(join(path, "model.safetensors"))).toEqual(WEIGHTS);
  });

  test("is fetched once by two that want it at once", async () => {
    const { request } = await ask();
    await Promise.all([resolveModel(request), resolveModel(request)]);
    expect(hub.downloads().filter(({ path }) => path.endsWith("model.safetensors"))).toHaveLength(1);
  });
});

describe("trouble with the hub", () => {
  test.each([
    [401, "", "model.gated"],
    [403, "GatedRepo", "model.gated"],
    [401, "RepoNotFound", "model.not-found"],
    [404, "", "model.not-found"],
    [503, "", "model.no-source"],
    [429, "", "model.no-source"],
  ] as const)("%i %s is %s", async (status, errorCode, code) => {
    Object.assign(hub.behaviour, { status, errorCode });
    const { request } = await ask();
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode(code));
    expect(hub.asked).toHaveLength(1);
  });

  test("a hub that does not answer in time is model.no-source after one question", async () => {
    hub.behaviour.delayMs = 2000;
    const { request } = await ask({ hubTimeoutMs: 50 });
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.no-source"));
    expect(hub.asked).toHaveLength(1);
  });

  test("nothing is asked when HF_HUB_OFFLINE is set or downloads are off", async () => {
    const { request } = await ask();
    await expect(resolveModel({ ...request, env: { ...request.env, HF_HUB_OFFLINE: "1" } })).rejects.toSatisfy(
      hasCode("model.no-source"),
    );
    await expect(resolveModel({ ...request, offline: true })).rejects.toSatisfy(hasCode("model.no-source"));
    expect(hub.asked).toHaveLength(0);
  });

  test("the token goes to the hub and into no message", async () => {
    hub.behaviour.status = 403;
    const { request, events } = await ask({ env: { HF_ENDPOINT: hub.url, HF_TOKEN: "hf_secret" } });
    const error = await resolveModel(request).catch((thrown: Error) => thrown);
    expect(hub.asked[0]?.headers.authorization).toBe("Bearer hf_secret");
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack, events])).not.toContain(
      "hf_secret",
    );
  });

  test("the token does not follow a redirect to another server", async () => {
    const storage = await startHub(FOLDER);
    onTestFinished(() => storage.close());
    hub.behaviour.redirectTo = storage.url;
    const { request } = await ask({ env: { HF_ENDPOINT: hub.url, HF_TOKEN: "hf_secret" } });
    await resolveModel(request);
    expect(storage.downloads().length).toBeGreaterThan(0);
    expect(JSON.stringify(storage.asked)).not.toContain("hf_secret");
    expect(hub.downloads().every(({ headers }) => headers.authorization === "Bearer hf_secret")).toBe(true);
  });

  test("too little room is io.disk-full before the first byte", async () => {
    await hub.close();
    hub = await startHub({ ...FOLDER, "model.safetensors": { content: WEIGHTS, size: 2 ** 60 } });
    const { request } = await ask();
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("io.disk-full"));
    expect(hub.downloads()).toHaveLength(0);
  });

  test("a cache that may not be written is io.permission", async () => {
    const { request } = await ask({ modelsDir: "/sys/lem-models" });
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("io.permission"));
  });
});

describe("content that is not what the hub states", () => {
  test.each([
    ["another checksum", { content: WEIGHTS, sha256: "0".repeat(64) }],
    ["more bytes than stated", { content: WEIGHTS, size: WEIGHTS.length - 1 }],
  ])("%s is model.checksum, and is not kept", async (_, served) => {
    await hub.close();
    hub = await startHub({ ...FOLDER, "model.safetensors": served });
    const { request } = await ask();
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.checksum"));
    const left = await readdir(request.modelsDir, { recursive: true });
    expect(left.filter((name) => name.includes("safetensors"))).toEqual([]);
  });

  test("a listed file outside the folder is model.archive-path", async () => {
    await hub.close();
    hub = await startHub({ ...FOLDER, "../../evil.json": { content: CONFIG, small: true } });
    const { request } = await ask();
    await expect(resolveModel(request)).rejects.toSatisfy(hasCode("model.archive-path"));
    expect(hub.downloads()).toHaveLength(0);
  });
});

describe("GGUF files of the hub", () => {
  async function ggufHub(names: readonly string[]): Promise<void> {
    const tiny = await readFile(loadPath(await tinyModel("gguf", { modelsDir: await temporaryFolder() })));
    await hub.close();
    hub = await startHub(Object.fromEntries(names.map((name) => [name, { content: tiny }])));
  }

  test("the usual quantisation is taken, or the one that is named", async () => {
    await ggufHub(["m-Q2_K.gguf", "m-Q4_K_M.gguf", "m-F16.gguf"]);
    const { request } = await ask({ formats: ["gguf"] });
    expect((await resolveModel(request)).path.endsWith("m-Q4_K_M.gguf")).toBe(true);
    expect((await resolveModel({ ...request, model: "org/model:m-Q2_K.gguf" })).path.endsWith("m-Q2_K.gguf")).toBe(
      true,
    );
    await expect(resolveModel({ ...request, model: "org/model:other.gguf" })).rejects.toSatisfy(
      hasCode("model.not-found"),
    );
  });

  test("the engine's first format wins; a model without any of them is model.format", async () => {
    const { request } = await ask({ formats: ["gguf", "hf-folder"] });
    expect((await resolveModel(request)).format).toBe("hf-folder");
    await expect(resolveModel({ ...request, formats: ["gguf"] })).rejects.toSatisfy(hasCode("model.format"));
    expect(existsSync(join(request.modelsDir, "hub", "org--model", COMMIT, "gguf-"))).toBe(false);
  });
});
