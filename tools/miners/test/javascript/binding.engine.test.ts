import { join } from "node:path";
import { loadCorpus, type RuleSet } from "@lem/config/corpus";
import { readEngineVersions } from "@lem/engines";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findPackage } from "../../src/javascript/find-package.ts";
import { openOptionsProbes } from "../../src/javascript/options-probe.ts";
import { javaScriptTarget } from "../../src/javascript/target-file.ts";
import type { EngineProbe } from "../../src/probe/open-probe.ts";

const target = javaScriptTarget("llama-cpp");
const CORPORA = join(import.meta.dirname, "../../../../corpora");
const version = readEngineVersions("llama-cpp").current;
let probes: readonly [EngineProbe, ...EngineProbe[]];
let rules: RuleSet;

beforeAll(async () => {
  const found = await findPackage({ target, version, env: process.env });
  probes = await openOptionsProbes({ target, found, env: process.env });
  const corpus = await loadCorpus("llama-cpp", { root: CORPORA, version });
  if (corpus.status !== "exact") throw new Error("no rules");
  rules = corpus.rules;
}, 120_000);

afterAll(async () => {
  for (const probe of probes) await probe.close();
});

it("what one configuration leaves behind does not spoil the next", { timeout: 60_000 }, async () => {
  const entry = "node-llama-cpp.LlamaContextOptions";
  const outcomes: unknown[] = [];
  for (const keywords of [{ batchSize: "x" }, { contextSize: "auto" }]) {
    const [answer] = await probes[0].run([{ id: 0, entry, keywords, calls: [] }]);
    outcomes.push(answer?.kind === "done" ? answer.stages[0]?.outcome : answer);
  }
  expect(outcomes).toEqual(["raised", "returned"]);
});

it("what the engine makes of a value is foretold", () => {
  const entry = "node-llama-cpp.LlamaContextOptions";
  const { effective } = rules.evaluate({ entry, set: { sequences: 0, batchSize: 2, flashAttention: 1 } });
  expect(Object.fromEntries(effective)).toMatchObject({ sequences: 1, flashAttention: true });
});

const object = (pairs: Readonly<Record<string, unknown>>): unknown => ({ $py: "dict", value: Object.entries(pairs) });

it.each([
  ["LlamaModelOptions", { useMlock: 1 }, true],
  ["LlamaModelOptions", { useMlock: true, useDirectIo: "x" }, false],
  ["LlamaModelOptions", { checkTensors: "yes" }, true],
  ["LlamaModelOptions", { checkTensors: null, gpuLayers: -3 }, false],
  ["LlamaContextOptions", { contextSize: null }, true],
  ["LlamaContextOptions", { contextSize: "large" }, true],
  ["LlamaContextOptions", { contextSize: 512, batchSize: 64, sequences: 2 }, false],
  ["LlamaContextOptions", { batching: null }, true],
  ["LlamaContextOptions", { failedCreationRemedy: object({ retries: "x" }) }, true],
  ["LlamaContextOptions", { lora: 3 }, true],
  ["LlamaContextOptions", { lora: "any name" }, false],
  ["LlamaContextOptions", { lora: object({ adapters: [object({ filePath: "any name" })] }) }, false],
  ["LlamaContextOptions", { lora: object({ adapters: [object({})] }) }, true],
  ["LlamaContextOptions", { lora: object({ adapters: [null] }) }, true],
  ["LlamaContextOptions", { contextSize: object({ min: 64, max: 128 }) }, false],
  ["LlamaContextOptions", { contextSize: object({ min: 128, max: 64 }) }, true],
  ["LlamaContextOptions", { contextSize: object({ max: 8 }) }, true],
  ["LlamaContextOptions", { sequences: "many" }, true],
  ["LlamaContextOptions", { batchSize: object({}) }, true],
  ["LlamaContextOptions", { sequences: "2", batchSize: null }, false],
  ["LlamaContextOptions", { experimentalKvCacheKeyType: "Q8_0" }, false],
  ["LlamaContextOptions", { experimentalKvCacheValueType: "Q8_0", flashAttention: true }, false],
  ["LlamaContextOptions", { experimentalKvCacheValueType: "Q8_0", flashAttention: false }, true],
  ["SequenceEvaluateOptions", { temperature: "warm" }, true],
  ["SequenceEvaluateOptions", { temperature: true }, true],
  ["SequenceEvaluateOptions", { temperature: null, seed: "x" }, false],
  ["SequenceEvaluateOptions", { contextShift: null }, true],
  ["SequenceEvaluateOptions", { repeatPenalty: object({ punishTokens: [1], penalty: "x" }) }, true],
  ["SequenceEvaluateOptions", { repeatPenalty: object({ penalty: "x" }) }, false],
  ["SequenceEvaluateOptions", { dryRepeatPenalty: object({ strength: 0.8, base: false }) }, true],
  ["SequenceEvaluateOptions", { dryRepeatPenalty: object({ strength: 0, base: false }) }, false],
])("the running binding and its rules agree on %s %j", { timeout: 60_000 }, async (name, keywords, isRefused) => {
  const entry = `node-llama-cpp.${name}`;
  const [answer] = await probes[0].run([{ id: 0, entry, keywords, calls: [] }]);
  expect(answer?.kind === "done" ? answer.stages[0]?.outcome : answer).toBe(isRefused ? "raised" : "returned");
  expect(rules.evaluate({ entry, set: keywords }).verdict === "error").toBe(isRefused);
});
