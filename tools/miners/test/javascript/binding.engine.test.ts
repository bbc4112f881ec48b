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
  ["LlamaContextOptions", { experimentalKvCacheKeyType: "Q8_0" }, false],
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
