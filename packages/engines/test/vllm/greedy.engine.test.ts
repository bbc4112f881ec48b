import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Replies } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { loadBody, runGroups, temporaryFolder } from "../fixtures/real-engine.ts";
import { engineScript, folderOf, GREEDY, openEngine } from "./fixtures/engine.ts";

const PROMPT = "My favourite season is autumn, because";
const TOKENS = 24;
const KV_CACHE = 2 ** 29;

/** SmolLM2 as a folder made from GGUF, beside a plain script of the same engine. */
describe("greedy decoding of a real model", { timeout: 900_000 }, () => {
  const [folder, remove] = temporaryFolder();
  let session: WorkerSession;
  let loaded: Replies["load"];
  let plain: { readonly input: number[]; readonly output: number[]; readonly counted: number };

  beforeAll(async () => {
    const model = await folderOf("smollm2-135m");
    plain = await engineScript("plain_generate.py", [model, PROMPT, String(TOKENS), String(KV_CACHE)]);
    session = await openEngine(folder);
    loaded = await session.request("load", loadBody(model, GREEDY));
  }, 900_000);

  afterAll(async () => {
    await session?.close();
    remove();
  }, 120_000);

  it("loads the model, and reports what the engine holds", () => {
    expect(loaded.model).toMatchObject({ architecture: "LlamaForCausalLM", vocabulary: 49_152, dtype: "float32" });
    expect(loaded.devices).toEqual(["cpu"]);
    expect(loaded.effective["engine"]).toMatchObject({
      dtype: "float32",
      enforce_eager: true,
      kv_cache_memory_bytes: KV_CACHE,
      max_model_len: loaded.model.context_length,
    });
    expect(loaded.effective["engine"]).not.toHaveProperty("model");
  });

  it("tokenizes as the engine does", async () => {
    const { ids } = await session.request("tokenize", { texts: [PROMPT, "a"], add_special_tokens: true });
    expect(ids[0]).toEqual(plain.input);
    expect(ids).toHaveLength(2);
  });

  it("gives the ids of a plain script, the same at each repeat, with a time for each token", async () => {
    expect(plain.output).toHaveLength(TOKENS);
    expect(plain.counted).toBe(TOKENS);
    for (const seed of [1, 2]) {
      const request = { r: 0, tokens: plain.input, output_tokens: TOKENS };
      const { answers, reply } = await runGroups(session, [[request]], { seed });
      const [answer] = answers;
      expect(answer?.ids).toEqual(plain.output);
      const counts = { input_tokens: plain.input.length, output_tokens: TOKENS };
      expect(answer?.finished).toMatchObject({ ...counts, finish: "length", timing: "token" });
      const times = [answer?.submitted ?? 0, ...(answer?.times ?? [])];
      expect(times.every((time, place) => place === 0 || time > (times[place - 1] ?? 0))).toBe(true);
      expect(reply.end_ns - reply.origin_ns).toBeGreaterThanOrEqual(times.at(-1) ?? 0);
      expect(reply.cpu_s).toBeGreaterThan(0);
    }
  });

  it("counts each request of a batch by itself, at its own length, and says how full the batch was", async () => {
    const lengths = [9, 4, 7, 1];
    const group = lengths.map((output_tokens, r) => ({ r, tokens: plain.input.slice(r), output_tokens }));
    const { answers, reply, steps } = await runGroups(session, [group]);
    expect(answers.map(({ ids }) => ids.length)).toEqual(lengths);
    expect(answers.map(({ finished }) => finished?.output_tokens)).toEqual(lengths);
    expect(answers.map(({ finished }) => finished?.input_tokens)).toEqual(group.map(({ tokens }) => tokens.length));
    expect(answers[0]?.ids).toEqual(plain.output.slice(0, 9));
    expect(reply.batch_occupancy).toBeGreaterThan(0);
    expect(reply.kv_cache_use).toBeGreaterThan(0);
    const sum = (values: readonly number[] = []): number => values.reduce((total, value) => total + value, 0);
    expect(steps).toHaveLength(1);
    expect(sum(steps[0]?.output_tokens)).toBe(sum(lengths));
    expect(sum(steps[0]?.prompt_tokens)).toBe(sum(group.map(({ tokens }) => tokens.length)));
    expect(Math.max(...(steps[0]?.running ?? []))).toBeGreaterThan(1);
  });

  it("runs groups one after another, or as many at once as it is told", async () => {
    const groups = [0, 1, 2].map((r) => [{ r, tokens: plain.input, output_tokens: 6 }]);
    const submitted = (answers: readonly { readonly submitted: number }[]): number[] =>
      answers.map((answer) => answer.submitted);
    const one = await runGroups(session, groups);
    const ends = one.answers.map(({ finished }) => finished?.t_ns ?? 0);
    expect(submitted(one.answers).every((at, r) => r === 0 || at >= (ends[r - 1] ?? 0))).toBe(true);
    const three = await runGroups(session, groups, { concurrency: 3 });
    const firstEnd = Math.min(...three.answers.map(({ finished }) => finished?.t_ns ?? 0));
    expect(submitted(three.answers).every((at) => at < firstEnd)).toBe(true);
    expect(three.answers.map(({ ids }) => ids)).toEqual(one.answers.map(({ ids }) => ids));
  });

  it("times each token even where many arrive faster than they are read", async () => {
    const group = Array.from({ length: 48 }, (_, r) => ({ r, tokens: [40 + r, 50, 60], output_tokens: 8 }));
    const { answers } = await runGroups(session, [group]);
    expect(new Set(answers.map(({ finished }) => finished?.timing))).toEqual(new Set(["token"]));
    for (const { ids, times } of answers) {
      expect(ids).toHaveLength(8);
      expect(times.every((time, place) => place === 0 || time > (times[place - 1] ?? 0))).toBe(true);
    }
  });
});
