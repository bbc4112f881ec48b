import { describe, expect, it } from "vitest";
import { workerSections } from "../src/index.ts";
import { check, places } from "./support/project.ts";

describe("extra", () => {
  it("passes unknown keys on, marked unchecked, with their origin", async () => {
    const { resolution, problems } = await check(
      "engine: transformers\ntransformers:\n  load: {dtype: bfloat16}\n  extra: {load: {brand_new: [1]}, generation: {newer: {a: 1}}}\n",
    );
    expect(problems).toEqual([]);
    expect(resolution?.experiment).toMatchObject({
      sections: { load: { dtype: "bfloat16", brand_new: [1] }, generation: { newer: { a: 1 } } },
      unchecked: ["transformers.load.brand_new", "transformers.generation.newer"],
    });
    expect(resolution?.provenance).toMatchObject({
      "transformers.load.brand_new": "file",
      "transformers.generation.newer.a": "file",
    });
  });

  it("and the checked section cannot hold the same key", async () => {
    const outcome = await check(
      "engine: transformers\ntransformers:\n  load: {dtype: bfloat16}\n  extra:\n    load:\n      dtype: float16\n",
    );
    expect(places(outcome)).toEqual(["6:7 config.conflict transformers.extra.load.dtype"]);
  });
});

describe("workerSections", () => {
  it("tags floats that JSON would write as integers, in maps and lists, for engines in Python", async () => {
    const { resolution } = await check(
      "engine: transformers\ntransformers:\n  generation: {temperature: 1.0, top_p: 0.5, top_k: 3}\n  extra: {generation: {weights: [1, 2.0, {deep: 1e3}]}}\n",
    );
    expect(resolution && workerSections(resolution.experiment)).toEqual({
      generation: {
        temperature: { $py: "float", value: "1.0" },
        top_p: 0.5,
        top_k: 3,
        weights: [1, { $py: "float", value: "2.0" }, { deep: { $py: "float", value: "1000.0" } }],
      },
    });
  });

  it("writes large floats as Python reads them", async () => {
    const { resolution } = await check(
      "engine: transformers\ntransformers: {generation: {repetition_penalty: 1e21}}\n",
    );
    expect(resolution && workerSections(resolution.experiment)).toEqual({
      generation: { repetition_penalty: { $py: "float", value: "1e+21" } },
    });
  });

  it("leaves the sections of llama-cpp alone: JavaScript has one kind of number", async () => {
    const { resolution } = await check("llama-cpp: {sampling: {temperature: 1.0}}\n");
    expect(resolution && workerSections(resolution.experiment)).toEqual({ sampling: { temperature: 1 } });
  });
});
