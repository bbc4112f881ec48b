import { expect, it } from "vitest";
import { readPredecessor } from "../../src/layers/predecessor.ts";
import { loadStudy, parseText } from "../../src/index.ts";
import { toJson } from "../../src/yaml/located.ts";
import { codes, present, project } from "../support/project.ts";

const today = (text: string): unknown => toJson(readPredecessor(present(parseText(text).value)).map);

it("a campaign of a base and what varies becomes a study, with a note", async () => {
  const text = `campaign_name: full-backend-sweep
base_config:
  model:
    name: meta-llama/Llama-3.1-8B
    fp_precision: fp16
  max_output_tokens: 256
vary:
  backend: [pytorch, vllm]
  batching:
    batch_size: [1, 4, 8]
`;
  expect(today(text)).toEqual({
    name: "full-backend-sweep",
    model: "meta-llama/Llama-3.1-8B",
    transformers: { load: { dtype: "float16" } },
    vllm: { engine: { dtype: "float16" } },
    workload: { output_tokens: 256 },
    sweep: { axes: { engine: ["pytorch", "vllm"], "workload.batch_size": [1, 4, 8] } },
  });
  const { study, problems } = await loadStudy({ cwd: project({ "c.yaml": text }), file: "c.yaml" });
  expect(problems.map(({ code, severity }) => [code, severity])).toEqual([["config.deprecated", "warn"]]);
  expect([study?.name, study?.declared]).toEqual(["full-backend-sweep", 6]);
  const last = await present(study).resolveAt(5);
  expect(last.experiment).toMatchObject({ engine: "vllm", sections: { engine: { dtype: "float16" } } });
  expect(last.experiment.workload).toMatchObject({ batch_size: 8, output_tokens: 256 });
});

it("precision as an axis is one axis over the engines' own fields", () => {
  expect(
    today("base_config: {backend: vllm}\nvary: {backend: [vllm, pytorch], fp_precision: [fp16, bf16]}\n"),
  ).toMatchObject({
    sweep: {
      axes: {
        fp_precision: {
          fields: ["vllm.engine.dtype", "transformers.load.dtype"],
          values: ["float16", "bfloat16"],
        },
      },
    },
  });
  expect(today("base_config: {backend: vllm}\nvary: {fp_precision: [fp16]}\n")).toMatchObject({
    sweep: { axes: { "vllm.engine.dtype": ["float16"] } },
  });
});

it("how its baselines were kept is how they are kept today", () => {
  const baseline = "{duration_seconds: 30, strategy: validated, cache_ttl_seconds: 7200}";
  expect(today(`base_config: {measurement: {baseline: ${baseline}}}\nvary: {backend: [vllm]}\n`)).toMatchObject({
    measurement: { baseline: { seconds: 30, strategy: "validated", max_age_s: 7200 } },
  });
});

it("a campaign of files runs each of them; one that is not there is told at its place", async () => {
  const cwd = project({
    "campaign.yaml": "campaign_name: c\nconfigs:\n  - configs/a.yaml\n  - configs/b.yaml\n",
    "configs/a.yaml": "model: builtin:tiny\nworkload: {n: 3}\n",
    "configs/b.yaml": "extends: a.yaml\nengine: pytorch\n",
    "broken.yaml": "configs:\n  - configs/x.yaml\n",
    "outside.yaml": "configs: [/etc/passwd]\n",
  });
  const { study } = await loadStudy({ cwd, file: "campaign.yaml" });
  const all = await Promise.all([0, 1].map((index) => present(study).resolveAt(index)));
  expect(all.map(({ experiment }) => [experiment.engine, experiment.model, experiment.workload.n])).toEqual([
    ["llama-cpp", "builtin:tiny", 3],
    ["transformers", "builtin:tiny", 3],
  ]);
  expect([0, 1].map((index) => present(study).labelAt(index))).toEqual(["a.yaml", "b.yaml"]);
  expect(codes(await loadStudy({ cwd, file: "broken.yaml" }))).toContain("config.file-not-found");
  expect(codes(await loadStudy({ cwd, file: "outside.yaml" }))).toContain("config.path-outside");
});

it("a study of dotted fields, variants, experiments and execution settings becomes one of today", () => {
  const text = `study_name: s
base: base.yaml
engine: [transformers, vllm]
task: {model: org/m, max_input_tokens: 64, random_seed: 7, dataset: {n_prompts: 12}}
sweep:
  transformers.dtype: [float16, bfloat16]
  transformers.sampling.top_p: {min: 0.5, max: 1.0, num: 3}
  vllm.engine.max_num_seqs: [8]
  quant:
    - {}
    - {transformers.attn_implementation: [sdpa, eager]}
experiments:
  - {engine: vllm, vllm.dtype: float16}
study_execution:
  n_cycles: 3
  experiment_order: latin_square
  experiment_gap_seconds: 5
  wall_clock_timeout_hours: 2
  stdout_silence_timeout_seconds: 60
`;
  expect(today(text)).toEqual({
    name: "s",
    extends: "base.yaml",
    model: "org/m",
    workload: { input_tokens: 64, seed: 7, n: 12 },
    measurement: { timeouts: { silence_s: 60 } },
    sweep: {
      axes: {
        engine: ["transformers", "vllm"],
        "transformers.load.dtype": ["float16", "bfloat16"],
        "transformers.generation.top_p": { min: 0.5, max: 1, num: 3 },
        "vllm.engine.max_num_seqs": [8],
      },
      groups: { quant: [{}, { transformers: { load: { attn_implementation: ["sdpa", "eager"] } } }] },
      experiments: [{ engine: "vllm", vllm: { engine: { dtype: "float16" } } }],
    },
    execution: { cycles: 3, order: "latin-square", gap: { experiment_s: 5 }, budget: { hours: 2 } },
  });
});

it("what has no place today is refused as an unknown key, not dropped", async () => {
  const cwd = project({ "c.yaml": "campaign_name: c\nbase_config: {moodel: x}\nvary: {batching: {strategy: [a]}}\n" });
  const { study, problems } = await loadStudy({ cwd, file: "c.yaml" });
  expect(study).toBeUndefined();
  expect(problems.filter(({ severity }) => severity === "error").map(({ line }) => line)).toEqual([2, 3]);
});

it("today's files pass through untouched", () => {
  const text = "model: builtin:tiny\nextends: [a.yaml, b.yaml]\nsweep: {axes: {workload.n: [1]}, sample: {n: 1}}\n";
  const { map, problems } = readPredecessor(present(parseText(text).value));
  expect([toJson(map), problems]).toEqual([toJson(present(parseText(text).value)), []]);
});
