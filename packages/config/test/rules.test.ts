import { describe, expect, it } from "vitest";
import { RULES } from "../src/rules.ts";
import { check } from "./support/project.ts";

/** For each rule texts that break it, with the path it blames, and texts that just keep it. */
const CASES: Readonly<
  Record<
    string,
    { readonly bad: readonly (readonly [string, string])[]; readonly good: readonly string[]; readonly warns?: boolean }
  >
> = {
  "workload.one-source": {
    bad: [["workload: {prompts: a.txt, lengths: 4}", "workload.lengths"]],
    good: ["workload: {lengths: 4}"],
  },
  "workload.lengths-order": {
    bad: [
      ["workload: {lengths: {kind: uniform, min: 5, max: 4}}", "workload.lengths.min"],
      ["workload: {lengths: {kind: lognormal, mean: 4, sigma: 1, min: 5, max: 4}}", "workload.lengths.min"],
    ],
    good: ["workload: {lengths: {kind: uniform, min: 4, max: 4}}"],
  },
  "workload.lengths-within-input": {
    bad: [["workload: {lengths: 5, input_tokens: 4}", "workload.input_tokens"]],
    good: ["workload: {lengths: 5, input_tokens: 5}", "workload: {lengths: 500}"],
  },
  "workload.budget-needs-dynamic": {
    bad: [
      ["workload: {max_batch_tokens: 900}", "workload.max_batch_tokens"],
      ["workload: {max_batch_tokens: 900, batching: sorted}", "workload.max_batch_tokens"],
    ],
    good: ["workload: {max_batch_tokens: 900, batching: dynamic}", "workload: {batching: dynamic}"],
  },
  "workload.budget-holds-one-request": {
    bad: [
      [
        "workload: {max_batch_tokens: 19, batching: dynamic, input_tokens: 10, output_tokens: 10}",
        "workload.max_batch_tokens",
      ],
    ],
    good: ["workload: {max_batch_tokens: 20, batching: dynamic, input_tokens: 10, output_tokens: 10}"],
  },
  "workload.concurrency": {
    bad: [["engine: transformers\nworkload: {concurrency: 2}", "workload.concurrency"]],
    good: ["engine: llama-cpp\nworkload: {concurrency: 2}", "engine: transformers\nworkload: {concurrency: 1}"],
  },
  "workload.output-length": {
    bad: [
      [
        "engine: transformers\nworkload: {pin_output: false}\ntransformers: {extra: {generation: {max_length: 9}}}",
        "transformers.extra.generation.max_length",
      ],
    ],
    good: ["engine: transformers\ntransformers: {extra: {generation: {max_length: null}}}"],
  },
  "workload.pinned-output": {
    bad: [
      [
        "engine: transformers\ntransformers: {extra: {generation: {stop_strings: e}}}",
        "transformers.extra.generation.stop_strings",
      ],
      [
        "engine: transformers\ntransformers: {extra: {generation: {max_new_tokens: 9}}}",
        "transformers.extra.generation.max_new_tokens",
      ],
    ],
    good: [
      "engine: transformers\nworkload: {pin_output: false}\ntransformers: {extra: {generation: {max_new_tokens: 9}}}",
      "engine: transformers\ntransformers: {extra: {generation: {max_new_tokens: null}}}",
    ],
  },
  "preset.complete": {
    warns: true,
    bad: [["engine: llama-cpp\npreset: creative", "preset"]],
    good: ["engine: transformers\npreset: creative", "engine: llama-cpp\npreset: standard"],
  },
  "warmup.runs-order": {
    bad: [["measurement: {warmup: {min_runs: 21}}", "measurement.warmup.min_runs"]],
    good: ["measurement: {warmup: {min_runs: 20}}"],
  },
  "warmup.window-fits": {
    bad: [["measurement: {warmup: {window: 21}}", "measurement.warmup.window"]],
    good: ["measurement: {warmup: {window: 20}}"],
  },
  "energy.trace-with-replay": {
    bad: [
      ["measurement: {energy: {sampler: replay}}", "measurement.energy.sampler"],
      ["measurement: {energy: {trace: t}}", "measurement.energy.trace"],
    ],
    good: ["measurement: {energy: {sampler: replay, trace: t}}"],
  },
};

it("every rule has its cases", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
});

describe.each(Object.entries(CASES))("%s", (id, { bad, good, warns = false }) => {
  it.each(bad)("is broken by %s", async (text, path) => {
    const { problems, resolution } = await check(text);
    expect(resolution !== undefined).toBe(warns);
    expect(problems).toMatchObject([{ rule: id, path, severity: warns ? "warn" : "error", hint: expect.any(String) }]);
  });

  it.each(good.map((text) => [text] as const))("is kept by %s", async (text) => {
    expect((await check(text)).problems).toEqual([]);
  });
});
