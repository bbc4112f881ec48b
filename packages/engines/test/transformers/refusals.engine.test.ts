import type { ErrorCode } from "@lem/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sections } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, modelPath, openEngine, runGroups, temporaryFolder } from "./fixtures/engine.ts";

const REQUEST = { r: 0, tokens: [50, 60], output_tokens: 4 };

describe("what the engine refuses", { timeout: 300_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let model: string;

  beforeAll(async () => {
    model = await modelPath("builtin:tiny", "hf-folder");
    session = await openEngine(folder);
  }, 300_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  it.each<[string, Sections, string]>([
    [
      "an attention implementation that is not there",
      { load: { attn_implementation: "flash_attention_2" } },
      "FlashAttention2",
    ],
    ["a compiler that is not there", { compile: { backend: "nope" } }, "nope"],
    ["a quantization whose package is not there", { quantization: { quant_method: "gptq", bits: 4 } }, "optimum"],
    ["a quantization that it does not know", { quantization: { quant_method: "magic" } }, "magic"],
    ["a key that it does not know", { load: { no_such_key: 1 } }, "no_such_key"],
    ["an adapter that is not there", { adapter: { model_id: "/no/such/folder" } }, "/no/such/folder"],
  ])("%s: its own words come back, and the session goes on", async (_, sections, said) => {
    const failure = session.request("load", loadBody(model, sections));
    await expect(failure).rejects.toMatchObject({ code: "worker.failed", message: expect.stringContaining(said) });
    await session.request("load", loadBody(model));
    expect((await runGroups(session, [[REQUEST]])).answers[0]?.ids).toHaveLength(4);
    await session.request("unload", {});
  });

  it.each<[string, Sections, ErrorCode, string]>([
    [
      "several outputs for one request",
      { generation: { num_return_sequences: 2, do_sample: true } },
      "engine.unsupported",
      "num_return_sequences",
    ],
    ["keys of load that lem decides", { load: { token: "x" } }, "worker.protocol", "token"],
  ])("lem refuses %s", async (_, sections, code, said) => {
    const own = await openEngine(folder);
    const failure = own.request("load", loadBody(model, sections)).finally(() => own.kill());
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it("a pinned output beside a rule that ends it early", async () => {
    await session.request("load", loadBody(model, { generation: { max_time: 0.5 } }));
    const failure = runGroups(session, [[REQUEST]]);
    await expect(failure).rejects.toMatchObject({
      code: "engine.unsupported",
      message: expect.stringContaining("max_time"),
    });
    expect((await runGroups(session, [[REQUEST]], { pinned: false })).answers[0]?.finished).toBeDefined();
    const twoAtOnce = session.request("run", { groups: [[REQUEST]], concurrency: 2, pinned_output: true, seed: 0 });
    await expect(twoAtOnce).rejects.toMatchObject({ code: "engine.unsupported" });
  });
});
