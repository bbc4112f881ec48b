import { expect, it } from "vitest";
import { told } from "./support.ts";

const short = (rule: string): string => rule.replace(/-[\da-f]{6}$/, "");

const refusedIn = async (yaml: string): Promise<readonly (readonly [number, number, string])[]> =>
  (await told(yaml)).refused.map(({ index, points, rule }) => [index, points, short(rule)]);

it("a value that the schema refuses takes all points below with it, once", async () => {
  const text = `engine: vllm
sweep:
  axes:
    vllm.engine.max_num_seqs: [8, none]
    vllm.sampling.top_k: [1, 2, 3]
    workload.n: {min: 1, max: 100, num: 100}
`;
  expect(await refusedIn(text)).toEqual([[300, 300, "config.wrong-type"]]);
});

it("a rule is asked as soon as all fields that it reads are set, whatever else is open", async () => {
  const text = `engine: transformers
sweep:
  axes:
    transformers.generation.num_beams: [2, 4]
    transformers.generation.num_return_sequences: [2, 4]
    transformers.generation.top_k: {min: 1, max: 50, num: 50}
    workload.n: [1, 2]
`;
  expect(await refusedIn(text)).toEqual([[100, 100, "transformers.GenerationConfig.num_return_sequences.error"]]);
});

it("a rule waits for a field that is still open, although the file fixes a value that would break it", async () => {
  const text = `engine: transformers
transformers: {generation: {num_beams: 1, num_return_sequences: 4}}
sweep: {axes: {transformers.generation.num_beams: [4, 8, 2]}}
`;
  const { points, refused } = await told(text);
  expect([points.length, refused.length]).toEqual([2, 1]);
  expect(refused[0]?.problem.message).toContain("num_beams (2)");
});

it("what the fixed part and one engine's choice break refuses the points of that engine only", async () => {
  const text = `workload: {concurrency: 2}
sweep: {axes: {engine: [transformers, vllm], workload.n: [1, 2, 3]}}
`;
  const { points, refused } = await told(text);
  expect(points).toHaveLength(3);
  expect(refused.map(({ rule }) => rule)).toEqual([
    "workload.concurrency",
    "workload.concurrency",
    "workload.concurrency",
  ]);
});

it("every refusal is put into words at the place of the value", async () => {
  const text = `engine: vllm
sweep:
  axes:
    vllm.sampling.top_p: [0.5, 1.5]
    workload.batch_size: [1, 0]
`;
  const { refused } = await told(text);
  expect(refused.map(({ problem: { line, column, path } }) => [line, column, path])).toEqual([
    [5, 30, "workload.batch_size"],
    [4, 32, "vllm.sampling.top_p"],
  ]);
});
