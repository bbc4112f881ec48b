import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Replies } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { engineScript, loadBody, modelPath, openEngine, runGroups, temporaryFolder } from "./fixtures/engine.ts";

const PROMPT = "My favourite season is autumn, because";
const TOKENS = 32;

/** SmolLM2 as GGUF, beside a plain script of the same engine. */
describe("greedy decoding of a real model", { timeout: 600_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let loaded: Replies["load"]["model"];
  let plain: { readonly input: number[]; readonly output: number[] };

  beforeAll(async () => {
    const model = await modelPath("smollm2-135m", "gguf");
    plain = await engineScript("plain_generate.py", [model, PROMPT, String(TOKENS)]);
    session = await openEngine(folder);
    loaded = (await session.request("load", loadBody(model))).model;
  }, 600_000);

  afterAll(async () => {
    await session?.close();
    remove();
  });

  it("loads the GGUF file whole", () => {
    expect(loaded).toMatchObject({ architecture: "LlamaForCausalLM", parameters: 134_515_008, vocabulary: 49_152 });
  });

  it("tokenizes as the engine does", async () => {
    const { ids } = await session.request("tokenize", { texts: [PROMPT, "a"], add_special_tokens: true });
    expect(ids[0]).toEqual(plain.input);
    expect(ids).toHaveLength(2);
  });

  it("gives the ids of a plain script, the same at each repeat, with a time for each token", async () => {
    expect(plain.output).toHaveLength(TOKENS);
    for (const repeat of [1, 2]) {
      const request = { r: 0, tokens: plain.input, output_tokens: TOKENS };
      const { answers, reply } = await runGroups(session, [[request]], { seed: repeat });
      const [answer] = answers;
      expect(answer?.ids).toEqual(plain.output);
      expect(answer?.finished).toMatchObject({
        input_tokens: plain.input.length,
        output_tokens: TOKENS,
        finish: "length",
        timing: "token",
      });
      const times = [answer?.submitted ?? 0, ...(answer?.times ?? [])];
      expect(times.every((time, place) => place === 0 || time > (times[place - 1] ?? 0))).toBe(true);
      expect(reply.end_ns - reply.origin_ns).toBeGreaterThanOrEqual(times.at(-1) ?? 0);
      expect(reply.cpu_s).toBeGreaterThan(0);
    }
  });
});
