import { join } from "node:path";
import { expect, it } from "vitest";
import { check, places } from "./support/project.ts";

const of = (sections: string): string => `engine: llama-cpp\nllama-cpp: {${sections}}\n`;
const options = { corporaRoot: join(import.meta.dirname, "../../../corpora") };

it("what the binding refuses, or dies of, is refused before anything starts", async () => {
  expect(places(await check(of("context: {experimentalKvCacheKeyType: Q4_2}"), options))).toEqual([
    "2:51 config.invariant llama-cpp.context.experimentalKvCacheKeyType",
  ]);
  expect(places(await check(of("context: {contextSize: {min: 512, max: 256}}"), options))).toEqual([
    "2:36 config.invariant llama-cpp.context.contextSize",
  ]);
  expect(places(await check(of("sampling: {temperature: 0.5, topK: 20}"), options))).toEqual([]);
});
