import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { load, model, openWorker, requests, runGroups, tokens } from "./support.ts";

const PROMPT = ["Once upon a time there was a fox."];

it("a keyword of each section reaches the engine, and its value is read back", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const plain = await load(session);
  expect(plain.effective).toMatchObject({
    llama: { gpu: false, numa: false },
    model: { useMmap: true, gpuLayers: 0 },
    context: { batchSize: 256, experimentalKvCacheKeyType: "F16" },
    sampling: { temperature: 0 },
  });
  const sections = {
    llama: { gpu: false, maxThreads: 3 },
    model: { useMmap: false, checkTensors: true },
    context: {
      threads: 2,
      batchSize: 64,
      flashAttention: true,
      experimentalKvCacheKeyType: "Q8_0",
      experimentalKvCacheValueType: "Q8_0",
    },
    sampling: { temperature: 0.8, topK: 12, topP: 0.9, minP: 0.01, seed: 5 },
  };
  const { effective } = await load(session, { sections });
  expect(effective).toMatchObject(sections);
});

it("a long input is cut into batches of the user's size, with the same tokens", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const outputs: (readonly number[] | undefined)[] = [];
  for (const batchSize of [512, 16]) {
    const { effective } = await load(session, { max_sequence_tokens: 512, sections: { context: { batchSize } } });
    expect(effective["context"]?.["batchSize"]).toBe(batchSize);
    const prompts = await tokens(session, [PROMPT.join().repeat(20)], 300);
    outputs.push((await runGroups(session, [requests(prompts, 4)])).told.get(0)?.ids);
  }
  expect(outputs[0]?.length).toBe(4);
  expect(outputs[1]).toEqual(outputs[0]);
});

it(
  "what the binding clamps, bypasses or does not know shows in the effective values",
  { timeout: 60_000 },
  async () => {
    const session = await openWorker();
    const events: WorkerEvent[] = [];
    const { effective } = await load(session, {
      sections: {
        model: { gpuLayers: 3, notAnOption: 1 },
        context: { contextSize: 300, notAnOptionEither: true },
        sampling: { topK: 7, xtc: { probability: 4, threshold: 0.1, extra: 1 }, dryRepeatPenalty: { strength: 0 } },
      },
      onEvent: (event) => events.push(event),
    });
    expect(effective).toMatchObject({
      model: { gpuLayers: 0, notAnOption: null },
      context: { contextSize: 512, notAnOptionEither: null },
      sampling: { topK: null, xtc: { probability: 1, extra: null }, dryRepeatPenalty: { strength: null } },
    });
    const warnings = events.flatMap((event) => (event.event === "warning" ? [event.message] : []));
    expect(warnings.filter((message) => message.includes("model.notAnOption"))).toHaveLength(1);
    expect(warnings.filter((message) => message.includes("context.notAnOptionEither"))).toHaveLength(1);
  },
);

it(
  "sampling with a seed repeats itself, and differs from greedy and from another seed",
  { timeout: 60_000 },
  async () => {
    const session = await openWorker();
    const idsWith = async (sampling: Readonly<Record<string, number>>): Promise<string[]> => {
      await load(session, { sections: { sampling } });
      const prompts = await tokens(session, PROMPT);
      const runs = [
        await runGroups(session, [requests(prompts, 16)]),
        await runGroups(session, [requests(prompts, 16)]),
      ];
      return runs.map(({ told }) => String(told.get(0)?.ids));
    };
    const [greedy] = await idsWith({});
    const [five, fiveAgain] = await idsWith({ temperature: 1, topK: 0, topP: 1, seed: 5 });
    const [six] = await idsWith({ temperature: 1, topK: 0, topP: 1, seed: 6 });
    const [narrow] = await idsWith({ temperature: 1, topK: 1, topP: 1, seed: 6 });
    expect(fiveAgain).toBe(five);
    expect(new Set([greedy, five, six]).size).toBe(3);
    expect(narrow, "the best one of one is the greedy one").toBe(greedy);
  },
);

it("without a seed of the user the workload's is used", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const { effective } = await load(session, { sections: { sampling: { temperature: 1 } } });
  expect(effective["sampling"]?.["seed"]).toBe(1);
});

it("without a number of threads of the user one processor is left to the host", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const { effective } = await session.request("load", {
    model: (await model("builtin:tiny")).path,
    format: "gguf",
    sections: {},
    parallel: 1,
    max_sequence_tokens: 64,
    seed: 1,
  });
  const threads = effective["context"]?.["threads"];
  expect(threads).toBeGreaterThanOrEqual(1);
  expect(threads).toBeLessThanOrEqual(Math.max(1, availableParallelism() - 1));
});
