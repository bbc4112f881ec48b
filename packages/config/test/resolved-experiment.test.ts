import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResolvedExperiment } from "../src/index.ts";
import { check, load, present, project } from "./support/project.ts";

async function resolved(text: string): Promise<ResolvedExperiment> {
  const { resolution, problems } = await check(text);
  expect(problems).toEqual([]);
  return present(resolution?.experiment);
}

describe("what nothing is written for", () => {
  it("has its default", async () => {
    expect(await resolved("schema_version: 1\n")).toEqual({
      schema_version: 1,
      name: "smollm2-135m-llama-cpp",
      engine: "llama-cpp",
      model: "smollm2-135m",
      workload: {
        prompts: { kind: "builtin", set: "classics" },
        n: 8,
        input_tokens: 128,
        output_tokens: 64,
        pin_output: true,
        batching: "static",
        batch_size: 1,
        max_batch_tokens: 192,
        concurrency: 1,
        seed: 42,
      },
      measurement: {
        windows: 3,
        warmup: { enabled: true, max_runs: 20, min_runs: 3, window: 3, target_cv: 0.05 },
        energy: { sampler: "auto", trace: null, interval_ms: 500, gain_error: null },
        baseline: { seconds: 5, strategy: "fresh", max_age_s: 3600 },
        thermal: { gate: true, limit_s: 60 },
        timeouts: { load_s: 1800, silence_s: 300 },
      },
      sections: {},
      unchecked: [],
    });
  });

  it("follows the fields it depends on", async () => {
    expect(
      (await resolved("workload: {lengths: {kind: uniform, min: 4, max: 300}, batch_size: 2, output_tokens: 10}"))
        .workload,
    ).toMatchObject({ input_tokens: 300, max_batch_tokens: 620 });
    expect((await resolved("workload: {input_tokens: 7}")).workload).toMatchObject({
      input_tokens: 7,
      max_batch_tokens: 71,
    });
  });

  it("takes the experiment's name from its file", async () => {
    const cwd = project({ "sub/my run (2).yaml": "model: m\n" });
    expect((await load(cwd, "sub/my run (2).yaml")).resolution?.experiment.name).toBe("my-run-2");
  });
});

describe("prompts", () => {
  it.each([
    ["prompts: builtin", { kind: "builtin", set: "classics" }],
    ["prompts: builtin:fiction", { kind: "builtin", set: "fiction" }],
    ["prompts: a.txt", { kind: "file", path: "/nowhere/a.txt" }],
    ["prompts: {file: a.jsonl, field: q}", { kind: "file", path: "/nowhere/a.jsonl", field: "q" }],
    ["lengths: 16", { kind: "synthetic", lengths: { kind: "fixed", value: 16 } }],
    [
      "lengths: {kind: lognormal, mean: 40.5, sigma: 0.5, max: 99}",
      { kind: "synthetic", lengths: { kind: "lognormal", mean: 40.5, sigma: 0.5, min: 1, max: 99 } },
    ],
  ])("%s", async (text, prompts) => {
    const { workload } = await resolved(`workload: {${text}}`);
    const path = "path" in prompts ? { path: String(prompts.path).replace("/nowhere/", "") } : {};
    expect(workload.prompts).toEqual({ ...prompts, ...path });
  });
});

describe("paths", () => {
  it("count from the file they are written in, and are stored relative to the working directory", async () => {
    const cwd = project({
      "conf/a.yaml": "extends: ../shared/base.yaml\nmodel: ./weights/m.gguf\n",
      "shared/base.yaml":
        "workload: {prompts: texts/p.txt}\nmeasurement: {energy: {sampler: replay, trace: ../t.jsonl}}\n",
    });
    const { experiment } = present((await load(cwd, "conf/a.yaml")).resolution);
    expect(experiment.workload.prompts).toEqual({ kind: "file", path: "shared/texts/p.txt" });
    expect(experiment.measurement.energy.trace).toBe("t.jsonl");
    expect(experiment.model).toBe("./conf/weights/m.gguf");
  });

  it("of flags count from the working directory", async () => {
    const cwd = project({ "conf/a.yaml": "workload: {prompts: p.txt}\nmodel: ../m.gguf\n" });
    const { experiment } = present(
      (await load(cwd, "conf/a.yaml", { flags: { model: "./x.gguf", set: ["workload.prompts=q.txt"] } })).resolution,
    );
    expect(experiment).toMatchObject({ model: "./x.gguf", workload: { prompts: { path: "q.txt" } } });
  });

  it("outside the working directory are stored in full", async () => {
    const elsewhere = project({ "a.yaml": "workload: {prompts: p.txt}\n" });
    const { resolution } = await load(project({}), join(elsewhere, "a.yaml"));
    expect(resolution?.experiment.workload.prompts).toEqual({ kind: "file", path: join(elsewhere, "p.txt") });
  });

  it.each([
    ["smollm2-135m"],
    ["org/name"],
    ["org/name@main"],
    ["org/name:file.gguf"],
    ["/abs/m.gguf"],
    ["~/m.gguf"],
    ["builtin:tiny"],
  ])("%s is no path of this file", async (model) => {
    expect((await resolved(`model: "${model}"`)).model).toBe(model);
  });
});
