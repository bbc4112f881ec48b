import { expect, it } from "vitest";
import { codes } from "../support/project.ts";
import { labels, studyOf, told } from "./support.ts";

const sweep = (text: string, head = "model: builtin:tiny\n"): string => `${head}sweep:\n${text}`;

it("axes make every combination, the first one slowest", async () => {
  const text = sweep("  axes:\n    workload.n: [1, 2]\n    workload.batch_size: [1, 4]\n");
  expect(await labels(text)).toEqual(["n=1 batch_size=1", "n=1 batch_size=4", "n=2 batch_size=1", "n=2 batch_size=4"]);
});

it("an axis with a condition applies where it holds, and else is no axis", async () => {
  const text = sweep(`  axes:
    workload.batching: [static, dynamic]
    workload.max_batch_tokens: {values: [1000, 2000], when: {workload.batching: dynamic}}
    workload.n: [1, 2]
`);
  const { study, points } = await told(text);
  expect(study.declared).toBe(6);
  expect(points.map(({ label }) => label)).toEqual([
    "batching=static n=1",
    "batching=static n=2",
    "batching=dynamic max_batch_tokens=1000 n=1",
    "batching=dynamic max_batch_tokens=1000 n=2",
    "batching=dynamic max_batch_tokens=2000 n=1",
    "batching=dynamic max_batch_tokens=2000 n=2",
  ]);
  const resolutions = await Promise.all(points.map(({ index }) => study.resolveAt(index)));
  expect(resolutions.map(({ experiment }) => experiment.workload.max_batch_tokens)).toEqual([
    192, 192, 1000, 1000, 2000, 2000,
  ]);
});

it("a condition may ask for several values, null for what is not given, and 1 is not 1.0", async () => {
  const when = (condition: string): string =>
    sweep(`  axes:\n    workload.n: {values: [1, 2], when: {llama-cpp.sampling.temperature: ${condition}}}\n`, HEAD);
  expect(await labels(when("0.5"))).toEqual(["n=1", "n=2"]);
  expect(await labels(when("[0.2, 0.5]"))).toEqual(["n=1", "n=2"]);
  expect(await labels(when("1.0"))).toEqual([""]);
  const topK = HEAD.replace("temperature: 0.5", "topK: 1");
  const asked = (value: string): string =>
    sweep(`  axes:\n    workload.n: {values: [1], when: {llama-cpp.sampling.topK: ${value}}}\n`, topK);
  expect(await labels(asked("1"))).toEqual(["n=1"]);
  expect(await labels(asked("1.0"))).toEqual([""]);
  expect(await labels(when("null").replace("temperature: null", "topP: null"))).toEqual(["n=1", "n=2"]);
});

const HEAD = "model: builtin:tiny\nllama-cpp: {sampling: {temperature: 0.5}}\n";

it("a group is a union of variants; lists inside a variant are combined, a list in a list is a list", async () => {
  const text = sweep(`  groups:
    work:
      - {}
      - {workload.n: 4, workload.batch_size: [2, 4]}
      - {workload: {n: 5, output_tokens: 7}}
`);
  expect(await labels(text)).toEqual(["work=none", "work=4/2", "work=4/4", "work=5/7"]);
});

it("every parameter goes to its engine, engines vary slowest, and a field of no engine to all", async () => {
  const text = `sweep:
  axes:
    workload.n: [1, 2]
    engine: [transformers, vllm]
    transformers.generation.num_beams: [1, 2]
    vllm.sampling.top_k: [1, 2, 3]
    temperature:
      fields: [transformers.generation.temperature, vllm.sampling.temperature]
      values: [0.5]
`;
  const { study, points } = await told(text);
  expect(study.declared).toBe(2 * 2 + 2 * 3);
  expect(points[0]?.label).toBe("engine=transformers n=1 num_beams=1 temperature=0.5");
  expect(points.at(-1)?.label).toBe("engine=vllm n=2 top_k=3 temperature=0.5");
  const last = await study.resolveAt(points.at(-1)?.index ?? 0);
  expect(last.experiment.sections).toEqual({ sampling: { top_k: 3, temperature: 0.5 } });
});

it("a parameter without an engine goes to every engine that has it", async () => {
  const { study, points } = await told(`sweep:
  axes:
    engine: [transformers, vllm, llama-cpp]
    temperature: [0.5, 0.7]
    num_beams: [1, 2]
    topK: [3]
`);
  expect(study.declared).toBe(2 * 2 + 2 + 2);
  const all = await Promise.all(points.map(({ index }) => study.resolveAt(index)));
  expect(all.map(({ experiment }) => experiment.sections)).toEqual([
    { generation: { temperature: 0.5, num_beams: 1 } },
    { generation: { temperature: 0.5, num_beams: 2 } },
    { generation: { temperature: 0.7, num_beams: 1 } },
    { generation: { temperature: 0.7, num_beams: 2 } },
    { sampling: { temperature: 0.5 } },
    { sampling: { temperature: 0.7 } },
    { sampling: { temperature: 0.5, topK: 3 } },
    { sampling: { temperature: 0.7, topK: 3 } },
  ]);
  expect((await told("engine: vllm\nsweep: {axes: {max_num_seqs: [8, 16]}}\n")).study.declared).toBe(2);
});

it("a name that is in several sections of an engine is asked for, one that is in none is suggested", async () => {
  const twice = await studyOf("engine: vllm\nsweep: {axes: {seed: [1, 2]}}\n");
  expect(twice.problems.map(({ code, hint }) => [code, hint])).toEqual([
    ["config.conflict", "write vllm.engine.seed or vllm.sampling.seed"],
  ]);
  const none = await studyOf("engine: vllm\nsweep: {axes: {temprature: [1.0]}}\n");
  expect(none.problems.map(({ code, hint }) => [code, hint])).toContainEqual([
    "config.unknown-key",
    "did you mean temperature?",
  ]);
});

it("sections of several engines may stand side by side where the engine varies", async () => {
  const text = `transformers: {generation: {do_sample: true}}
vllm: {sampling: {temperature: 0.5}}
sweep: {axes: {engine: [transformers, vllm]}}
`;
  const { study, points } = await told(text);
  const all = await Promise.all(points.map(({ index }) => study.resolveAt(index)));
  expect(all.map(({ experiment }) => experiment.sections)).toEqual([
    { generation: { do_sample: true } },
    { sampling: { temperature: 0.5 } },
  ]);
});

it("experiments stand beside the grid, over the fixed fields; alone they are the whole study", async () => {
  const listed = "  experiments:\n    - {name: long, workload.output_tokens: 500}\n    - workload: {n: 3}\n";
  expect(await labels(sweep(listed))).toEqual(["long", "experiment 2"]);
  expect(await labels(sweep(`  axes: {workload.n: [1, 2]}\n${listed}`))).toEqual([
    "n=1",
    "n=2",
    "long",
    "experiment 2",
  ]);
});

it("labels tell fields of one name apart", async () => {
  const text = `sweep:
  axes:
    engine: [transformers, vllm]
    transformers.generation.top_k: [1]
    vllm.sampling.top_k: [2]
`;
  expect(await labels(text)).toEqual(["engine=transformers generation.top_k=1", "engine=vllm sampling.top_k=2"]);
});

it("old engine names are read in axes too", async () => {
  const { study, points } = await told("sweep: {axes: {engine: [pytorch], pytorch.generation.num_beams: [2]}}\n");
  expect((await study.resolveAt(points[0]?.index ?? 0)).experiment.engine).toBe("transformers");
});

it("a flag that sets a varied field ends its variation, with a warning", async () => {
  const text = sweep("  axes:\n    workload.n: [1, 2]\n    workload.batch_size: [1, 4]\n");
  const loaded = await studyOf(text, { flags: { set: ["workload.n=7"] } });
  expect(loaded.study?.declared).toBe(2);
  expect(loaded.problems.map(({ severity, code, line }) => [severity, code, line])).toEqual([
    ["warn", "config.conflict", 4],
  ]);
  const one = await studyOf("sweep: {axes: {engine: [transformers, vllm]}}\n", { flags: { engine: "vllm" } });
  expect([one.study?.declared, one.study?.engines]).toEqual([1, ["vllm"]]);
});

it("an axis may come by a flag", async () => {
  const loaded = await studyOf(sweep("  axes: {workload.n: [1, 2]}\n"), {
    flags: { set: ["sweep.axes.workload.n=[1, 2, 3]", "sweep.axes.workload.batch_size={min: 1, max: 4, scale: pow2}"] },
  });
  expect([loaded.problems, loaded.study?.declared]).toEqual([[], 9]);
});

const MANY = Array.from({ length: 400 }, (_, index) => index + 1).join(", ");

it.each([
  ["a field twice", "  axes: {workload.n: [1]}\n  groups: {g: [{workload.n: 2}]}\n", ["config.conflict"]],
  [
    "a condition on a later axis",
    "  axes:\n    workload.n: {values: [1], when: {workload.seed: 1}}\n    workload.seed: [1]\n",
    ["config.conflict"],
  ],
  ["a root that cannot vary", "  axes: {execution.cycles: [1, 2]}\n", ["config.unknown-key"]],
  ["a name without a field", "  axes: {foo: [1, 2]}\n", ["config.unknown-key"]],
  ["a whole engine", "  axes: {vllm: [{}]}\n", ["config.wrong-type"]],
  ["an engine that does not run", "  axes: {vllm.sampling.n: [1, 2]}\n", ["config.section-mismatch"]],
  [
    "misspelt fields, all of them",
    "  axes: {workload.btch: [1], llama-cpp.sampling.tmp: [1]}\n",
    ["config.unknown-key", "config.unknown-key"],
  ],
  ["an unknown engine", "  axes: {engine: [vllm, vlm]}\n", ["engine.unknown"]],
  ["a misspelt key of the sweep", "  axis: {workload.n: [1]}\n", ["config.unknown-key"]],
  ["a misspelt field of an experiment", "  experiments: [{workload.m: 1}, {workload.n: 1}]\n", ["config.unknown-key"]],
  [
    "too many ways to set engine and preset",
    `  groups: {g: [{engine: vllm, workload.n: [${MANY}]}], h: [{preset: standard, workload.seed: [${MANY}]}]}\n`,
    ["config.out-of-range"],
  ],
  [
    "a grid beyond all bounds",
    "  axes: {workload.n: {min: 1, max: 99999, num: 99999}, workload.seed: {min: 1, max: 99999, num: 99999}}\n",
    ["config.out-of-range"],
  ],
])("%s is a problem of the study", async (_, text, expected) => {
  const loaded = await studyOf(sweep(text));
  expect(loaded.study).toBeUndefined();
  expect(codes(loaded)).toEqual(expected);
  expect(loaded.problems.every(({ line }) => line !== null)).toBe(true);
});

it("problems of execution, sweep and fixed fields come together", async () => {
  const text = "workload: {btch: 1}\nsweep: {axes: {workload.mm: [1]}}\nexecution: {cyles: 2}\n";
  expect(codes(await studyOf(text))).toEqual(["config.unknown-key", "config.unknown-key", "config.unknown-key"]);
});

it.each([
  ["execution: {budget: {runs: 2}, cycles: 3}", "config.conflict"],
  ["execution: {stop: {min_cycles: 9, max_cycles: 3}}", "config.conflict"],
  ["execution: {stop: {metric: joules}}", "config.not-allowed"],
  ["execution: {keep_loaded: true, force_cold_start: true}", "config.conflict"],
  ["execution: {keep_loaded: true, order: sequential, cycles: 2}", "config.conflict"],
])("%s is refused, in a single experiment too", async (text, code) => {
  expect(codes(await studyOf(`${text}\n`))).toEqual([code]);
  expect(codes(await studyOf(`${text}\nsweep: {axes: {workload.n: [1, 2]}}\n`))).toEqual([code]);
});

it("a file that extends a study can take its sweep back", async () => {
  const { loadStudy } = await import("../../src/index.ts");
  const { project } = await import("../support/project.ts");
  const cwd = project({
    "study.yaml": "model: builtin:tiny\nsweep: {axes: {workload.n: [1, 2]}}\n",
    "one.yaml": "extends: study.yaml\nsweep: null\n",
    "more.yaml": "extends: study.yaml\nsweep: {axes: {workload.n: [1, 2, 3]}}\n",
  });
  const size = async (file: string): Promise<unknown> => (await loadStudy({ cwd, file })).study?.declared;
  expect([await size("study.yaml"), await size("one.yaml"), await size("more.yaml")]).toEqual([2, 1, 3]);
});
