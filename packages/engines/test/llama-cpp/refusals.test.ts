import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { isLemError } from "@lem/domain";
import { expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/open-fake.ts";
import { load, model, openWorker, requests, runGroups, tokens } from "./support.ts";

async function failure(work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isLemError(error)) throw new Error(`expected a LemError, got ${String(error)}`);
  return error;
}

it("a damaged model is refused in the engine's own words, and the worker goes on", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const folder = temporaryFolder();
  const text = join(folder, "text.gguf");
  writeFileSync(text, "this is no model at all");
  const noGguf = await failure(load(session, { path: text }));
  expect(noGguf.code).toBe("worker.failed");
  expect(noGguf.message).toContain("InvalidGgufMagicError");

  const cut = join(folder, "cut.gguf");
  const { path } = await model("builtin:tiny");
  writeFileSync(cut, readFileSync(path));
  truncateSync(cut, Math.floor(readFileSync(path).length / 2));
  const short = await failure(load(session, { path: cut }));
  expect(short.code).toBe("worker.failed");
  expect(short.message).toContain("not within the file bounds");

  const gone = await failure(load(session, { path: join(folder, "gone.gguf") }));
  expect(gone).toMatchObject({ code: "worker.failed", message: expect.stringContaining("ENOENT") });

  expect(await load(session)).toMatchObject({ model: { architecture: "llama" } });
});

it("work that the context cannot hold is refused, and the engine never drops input", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const small = { sections: { context: { contextSize: 256 } }, max_sequence_tokens: 300 };
  expect(await failure(load(session, small))).toMatchObject({
    code: "engine.unsupported",
    message: expect.stringContaining("contextSize"),
  });

  await load(session, { max_sequence_tokens: 256 });
  const [prompt = []] = await tokens(session, ["Many words. ".repeat(100)], 200);
  expect(await failure(runGroups(session, [requests([prompt], 57)]))).toMatchObject({ code: "engine.unsupported" });
  expect(await failure(runGroups(session, [requests([[]], 5)]))).toMatchObject({ code: "engine.unsupported" });
  const { told, reply } = await runGroups(session, [requests([prompt], 56)]);
  expect(told.get(0)?.finished).toMatchObject({ input_tokens: 200, output_tokens: 56 });
  expect(reply.kv_cache_use).toBeCloseTo(255 / 256, 5);
});

it("a model that the machine's memory cannot hold is out-of-memory", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  // The cache of this model takes a KiB for each token: twice what the machine has.
  const huge = { sections: { context: { contextSize: Math.ceil(totalmem() / 512) } } };
  expect(await failure(load(session, huge))).toMatchObject({ code: "worker.out-of-memory" });
  expect(await load(session)).toMatchObject({ model: { architecture: "llama" } });
});

it(
  "what the engine raises in a run ends the other requests, and the next run is whole",
  { timeout: 60_000 },
  async () => {
    const session = await openWorker();
    await load(session, { parallel: 2 });
    const [prompt = []] = await tokens(session, ["Once upon a time"]);
    const expected = (await runGroups(session, [requests([prompt], 8)])).told.get(0)?.ids;
    const broken = runGroups(session, [requests([prompt, [1_000_000]], 200), requests([prompt], 200)]);
    expect(await failure(broken)).toMatchObject({ code: "worker.failed" });
    const { told } = await runGroups(session, [requests([prompt, prompt], 8)]);
    expect(told.get(0)?.ids).toEqual(expected);
    expect(told.get(1)?.ids).toEqual(expected);
  },
);

it("a GPU without its binaries is refused with the command that fetches them", { timeout: 60_000 }, async () => {
  const error = await failure(load(await openWorker(), { sections: { llama: { gpu: "cuda" } } }));
  expect(error.code).toBe("engine.unsupported");
  expect(error.message).toContain("lem engines install llama-cpp --variant cuda");
});
