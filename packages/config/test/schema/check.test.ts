import { describe, expect, it } from "vitest";
import { check, places } from "../support/project.ts";

describe("checkWritten", () => {
  it("collects every problem with its exact place", async () => {
    const outcome = await check(
      [
        "schema_version: 1", //                   1
        "nmae: typo", //                          2
        "engine: llama-cpp", //                   3
        "workload:", //                           4
        '  n: "8"', //                            5
        "  outptu_tokens: 3", //                  6
        "  output_tokens: 0", //                  7
        "  batching: dynamics", //                8
        "  batch_size: 1.5", //                   9
        "  pin_output: yes", //                  10
        "  prompts: {fil: x}", //                11
        "measurement:", //                       12
        "  warmup: {target_cv: 2, window: 1}", //13
        "  energy: [auto]", //                   14
        "llama-cpp: 7", //                       15
      ].join("\n"),
    );
    expect(outcome.resolution).toBeUndefined();
    expect(places(outcome)).toEqual([
      "2:1 config.unknown-key nmae",
      "5:6 config.wrong-type workload.n",
      "6:3 config.unknown-key workload.outptu_tokens",
      "7:18 config.out-of-range workload.output_tokens",
      "8:13 config.not-allowed workload.batching",
      "9:15 config.wrong-type workload.batch_size",
      "10:15 config.wrong-type workload.pin_output",
      "11:12 config.missing-key workload.prompts.file",
      "11:13 config.unknown-key workload.prompts.fil",
      "13:23 config.out-of-range measurement.warmup.target_cv",
      "13:34 config.out-of-range measurement.warmup.window",
      "14:11 config.wrong-type measurement.energy",
      "15:12 config.wrong-type llama-cpp",
    ]);
  });

  it.each([
    ["workload: {outptu_tokens: 1}", 'unknown key "outptu_tokens"', "did you mean output_tokens?"],
    ["output_tokens: 1", 'unknown key "output_tokens"', "did you mean workload.output_tokens?"],
    ['workload: {n: "8"}', 'expected a whole number, got the text "8"', "leave the quotes out: 8"],
    ["workload: {pin_output: yes}", 'expected true or false, got the text "yes"', "in YAML 1.2 it is true or false"],
    ["model: 7", "expected a text, got 7", 'put it in quotes: "7"'],
    ["workload: {batching: sortd}", 'the text "sortd" is none of static, dynamic, sorted', "did you mean sorted?"],
    ["engine: llama.cpp", 'there is no engine named "llama.cpp"', "did you mean llama-cpp?"],
    [
      "workload: {lengths: {kind: uniforms, min: 1, max: 2}}",
      'the text "uniforms" is none of fixed, uniform, lognormal',
      "did you mean uniform?",
    ],
    ["workload: {n: 0}", "0 is out of range: it must be at least 1", undefined],
    [
      "workload: {prompts: notes.md}",
      'the text "notes.md" cannot stand here',
      "give builtin:<set>, or a file that ends in .txt or .jsonl",
    ],
    ["workload: {prompts: 3}", "expected a text or a map, got 3", 'put it in quotes: "3"'],
    [
      "name: ../../etc",
      'the text "../../etc" cannot stand here',
      "use letters, digits, dot, dash and underscore, at most 100",
    ],
  ])("%s: says what is wrong and what to write", async (text, message, hint) => {
    expect((await check(text)).problems).toMatchObject([{ message, ...(hint === undefined ? {} : { hint }) }]);
  });

  it.each([
    ["schema_version: 2", "config.schema-version"],
    ["schema_version: 0", "config.out-of-range"],
    ["schema_version: one", "config.wrong-type"],
    ["engine: nope", "engine.unknown"],
    ["engine: 3", "config.not-allowed"],
    ["workload: {lengths: {min: 1, max: 2}}", "config.missing-key"],
    ["workload: {lengths: {kind: fixed}}", "config.missing-key"],
    ["workload: {lengths: {kind: fixed, value: 3, max: 4}}", "config.unknown-key"],
    ["llama-cpp: {sampler: {}}", "config.unknown-key"],
    ["llama-cpp: {extra: {sampler: {}}}", "config.unknown-key"],
    ["llama-cpp: {sampling: [1]}", "config.wrong-type"],
  ])("%s: %s", async (text, code) => {
    expect((await check(text)).problems.map((problem) => problem.code)).toEqual([code]);
  });
});

it("a section of another engine is refused at its key", async () => {
  const outcome = await check("engine: llama-cpp\nvllm:\n  sampling: {}\ntransformers: {}\n");
  expect(places(outcome)).toEqual(["2:1 config.section-mismatch vllm", "4:1 config.section-mismatch transformers"]);
});
