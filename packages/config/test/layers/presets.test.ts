import { ENGINE_IDS } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { loadExperiment } from "../../src/index.ts";
import { PRESET_NAMES, presetLayer } from "../../src/layers/presets.ts";
import { leavesOf, NOWHERE } from "../../src/yaml/located.ts";
import { check, places } from "../support/project.ts";

describe("presets", () => {
  it("speak each engine's own words", async () => {
    const sections = async (engine: string): Promise<unknown> =>
      (await check(`engine: ${engine}\npreset: creative\n`)).resolution?.experiment.sections;
    expect(await sections("transformers")).toEqual({
      generation: { do_sample: true, temperature: 0.8, top_p: 0.9, top_k: 0, repetition_penalty: 1.1 },
    });
    expect(await sections("vllm")).toEqual({
      sampling: { temperature: 0.8, top_p: 0.9, top_k: 0, repetition_penalty: 1.1 },
    });
    expect(await sections("llama-cpp")).toEqual({
      sampling: { temperature: 0.8, topP: 0.9, topK: 0 },
    });
  });

  it("of greedy decoding do not sample at all in transformers", async () => {
    const { resolution } = await check("engine: transformers\npreset: deterministic\n");
    expect(resolution?.experiment.sections).toEqual({ generation: { do_sample: false } });
  });

  it("lose against what the file says, and win over the user's defaults", async () => {
    const { resolution } = await check(
      "engine: transformers\npreset: standard\ntransformers: {generation: {top_p: 0.5}}\n",
    );
    expect(resolution?.experiment.sections["generation"]).toMatchObject({ top_p: 0.5, temperature: 1 });
    expect(resolution?.provenance).toMatchObject({
      "transformers.generation.top_p": "file",
      "transformers.generation.temperature": "preset",
    });
  });

  it("write whole temperatures as floats, which transformers insists on", async () => {
    const { resolution } = await check("engine: transformers\npreset: standard\n");
    expect(resolution?.experiment.floats).toEqual(["transformers.generation.temperature"]);
  });

  it("of an unknown name are refused with the nearest", async () => {
    const outcome = await check("model: m\npreset: creativ\n");
    expect(places(outcome)).toEqual(["2:9 config.unknown-preset preset"]);
    expect(outcome.problems[0]?.hint).toBe("did you mean creative?");
  });

  it("has none of the names that every object has", async () => {
    expect(places(await check("preset: toString\n"))).toEqual(["1:9 config.unknown-preset preset"]);
  });

  it.each(PRESET_NAMES.flatMap((name) => ENGINE_IDS.map((engine) => [name, engine] as const)))(
    "%s exists for %s",
    (name, engine) => {
      const layer = presetLayer(name, engine, NOWHERE);
      expect(layer && leavesOf(layer).every(({ node }) => node.origin === "preset")).toBe(true);
    },
  );
});

it.each(PRESET_NAMES.flatMap((name) => ENGINE_IDS.map((engine) => [name, engine] as const)))(
  "%s is accepted by the parameter schema that comes with lem for %s",
  async (name, engine) => {
    const { problems } = await loadExperiment({ cwd: "/nowhere", flags: { engine, set: [`preset=${name}`] } });
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  },
);
