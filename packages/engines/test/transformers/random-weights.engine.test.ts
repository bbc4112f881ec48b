import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, openEngine, runGroups, temporaryFolder } from "./fixtures/engine.ts";

const SHAPE = {
  model_type: "gpt2",
  architectures: ["GPT2LMHeadModel"],
  n_embd: 64,
  n_layer: 2,
  n_head: 4,
  n_positions: 128,
  vocab_size: 512,
  bos_token_id: 1,
  eos_token_id: 2,
};

describe("a model without weights", { timeout: 300_000 }, () => {
  const [folder, remove] = temporaryFolder();
  const model = join(folder, "model");
  let session: WorkerSession;

  beforeAll(async () => {
    mkdirSync(model);
    writeFileSync(join(model, "config.json"), JSON.stringify(SHAPE));
    session = await openEngine(folder);
  }, 300_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  async function ids(seed: number): Promise<readonly number[] | undefined> {
    const { effective, model: facts } = await session.request(
      "load",
      loadBody(model, { load: { dtype: "bfloat16" } }, seed),
    );
    expect(facts).toMatchObject({ architecture: "GPT2LMHeadModel", vocabulary: 512, context_length: 128 });
    expect(effective["load"]).toMatchObject({ dtype: "bfloat16" });
    const { answers } = await runGroups(session, [[{ r: 0, tokens: [5, 6, 7], output_tokens: 10 }]]);
    await session.request("unload", {});
    return answers[0]?.ids;
  }

  it("is made from its configuration: the same for a seed, another for another, and keywords apply", async () => {
    const first = await ids(1);
    expect(first).toHaveLength(10);
    expect(await ids(1)).toEqual(first);
    expect(await ids(2)).not.toEqual(first);
  });
});
