import type { ErrorCode, JsonObject } from "@lem/domain";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sections, WorkerEvent } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, runGroups, temporaryFolder } from "../fixtures/real-engine.ts";
import { folderOf, GREEDY, openEngine } from "./fixtures/engine.ts";

const SHAPE = {
  model_type: "llama",
  architectures: ["LlamaForCausalLM"],
  hidden_size: 128,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 512,
  vocab_size: 512,
  bos_token_id: 1,
  eos_token_id: 2,
};

const withKeys = (section: "engine" | "sampling", keys: JsonObject): Sections => ({
  ...GREEDY,
  [section]: { ...GREEDY[section], ...keys },
});

describe("what the engine takes and refuses", { timeout: 600_000 }, () => {
  const [folder, remove] = temporaryFolder();
  const shape = join(folder, "shape");
  let session: WorkerSession;
  let model: string;

  beforeAll(async () => {
    model = await folderOf("builtin:tiny");
    mkdirSync(shape);
    writeFileSync(join(shape, "config.json"), JSON.stringify(SHAPE));
    session = await openEngine(folder);
  }, 600_000);

  afterAll(async () => {
    await session?.close();
    remove();
  }, 120_000);

  it.each<[string, Sections, string, string[]]>([
    ["a key that it does not know", withKeys("engine", { no_such_key: 1 }), "no_such_key", ["no_such_key"]],
    ["a value out of its range", withKeys("sampling", { top_p: 2 }), "top_p", ["top_p"]],
    ["keys that contradict one another", withKeys("sampling", { max_tokens: 2, min_tokens: 3 }), "min_tokens", []],
    ["a dtype that is none", withKeys("engine", { dtype: "float7" }), "float7", ["dtype"]],
  ])("%s: its own words come back, with the place", async (_, sections, said, fields) => {
    const error: unknown = await session.request("load", loadBody(model, sections)).catch((raised: unknown) => raised);
    expect(error).toMatchObject({
      code: "worker.failed",
      message: expect.stringContaining(said),
      context: { refusal: { fields: expect.arrayContaining(fields) } },
    });
  });

  it.each<[string, Sections, ErrorCode, string]>([
    ["several outputs for one request", withKeys("sampling", { n: 2, temperature: 1 }), "engine.unsupported", "n"],
  ])("lem refuses %s", async (_, sections, code, said) => {
    const failure = session.request("load", loadBody(model, sections));
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it("a model without weights and tokenizer is made from its configuration, and takes token ids only", async () => {
    const sections = withKeys("sampling", { seed: -1, stop_token_ids: [3, 3] });
    const events: WorkerEvent[] = [];
    const loaded = await session.request("load", loadBody(shape, sections), (event) => events.push(event));
    expect(loaded.model).toMatchObject({ architecture: "LlamaForCausalLM", vocabulary: 512, context_length: 512 });
    expect(loaded.effective["engine"]).toMatchObject({ load_format: "dummy", skip_tokenizer_init: true });
    // What the engine changes in silence is reported as it holds it.
    expect(loaded.effective["sampling"]).toMatchObject({ temperature: 0, seed: null, stop_token_ids: [3] });
    const tokenize = session.request("tokenize", { texts: ["a"], add_special_tokens: true });
    await expect(tokenize).rejects.toMatchObject({ code: "engine.unsupported" });
    const request = { r: 0, tokens: [5, 6, 7], output_tokens: 10 };
    const pinned = runGroups(session, [[request]]);
    await expect(pinned).rejects.toMatchObject({
      code: "engine.unsupported",
      message: expect.stringContaining("sampling.stop_token_ids"),
    });
    const { answers } = await runGroups(session, [[request]], { pinned: false });
    expect(answers[0]?.finished?.output_tokens).toBe(answers[0]?.ids.length);
    await session.request("unload", {});
  });

  it("ends at a stop token, which counts, and warns of what it sets itself on processors", async () => {
    const warnings: string[] = [];
    await session.request("load", loadBody(model, { sampling: { temperature: 0, max_tokens: 6 } }), (event) => {
      if (event.event === "warning") warnings.push(event.message);
    });
    expect(warnings.join("\n")).toMatch(/enforce_eager[\s\S]*kv_cache_memory_bytes/);
    const request = { r: 0, tokens: [50, 60, 70], output_tokens: 12 };
    const { answers } = await runGroups(session, [[request]], { pinned: false });
    expect(answers[0]?.finished?.output_tokens).toBe(answers[0]?.ids.length);
    expect(answers[0]?.ids.length).toBeLessThanOrEqual(6);
    await session.request("unload", {});
  });
});
