import { describe, expect, it } from "vitest";
import { check, places } from "../support/project.ts";

describe("old engine names", () => {
  it("are read, with a warning at the name", async () => {
    const outcome = await check("engine: pytorch\n");
    expect(places(outcome)).toEqual(["1:9 config.deprecated engine"]);
    expect(outcome.resolution?.experiment.engine).toBe("transformers");
  });

  it("are read as sections too", async () => {
    const outcome = await check("engine: pytorch\npytorch:\n  generation: {top_k: 4}\n");
    expect(places(outcome)).toEqual(["1:9 config.deprecated engine", "2:1 config.deprecated pytorch"]);
    expect(outcome.resolution?.experiment.sections).toEqual({ generation: { top_k: 4 } });
  });

  it("beside the new one are refused", async () => {
    const outcome = await check(
      "engine: transformers\npytorch: {generation: {top_k: 4}}\ntransformers: {generation: {top_p: 0.5}}\n",
    );
    expect(places(outcome)).toEqual(["3:1 config.duplicate-key transformers", "2:1 config.deprecated pytorch"]);
  });

  it("are none of the names that every object has", async () => {
    expect(places(await check("constructor: {}\nengine: toString\n"))).toEqual([
      "1:1 config.unknown-key constructor",
      "2:9 engine.unknown engine",
    ]);
  });

  it("are read in flags", async () => {
    const outcome = await check("model: m\n", { flags: { engine: "pytorch" } });
    expect(places(outcome)).toEqual(["- config.deprecated engine"]);
    expect(outcome.resolution?.provenance["engine"]).toBe("flag");
  });
});

describe("a section without keys", () => {
  it("is absent", async () => {
    const outcome = await check("workload:\nmeasurement:\n  warmup:\nllama-cpp:\n  sampling:\n  extra:\n");
    expect(outcome.problems).toEqual([]);
    expect(outcome.resolution?.experiment.sections).toEqual({});
  });

  it("is no place for null elsewhere", async () => {
    expect(places(await check("workload:\n  n:\nmodel: null\n"))).toEqual([
      "2:5 config.wrong-type workload.n",
      "3:8 config.wrong-type model",
    ]);
  });
});
