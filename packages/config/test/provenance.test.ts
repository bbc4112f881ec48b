import { expect, it } from "vitest";
import { listFieldValues } from "../src/index.ts";
import { check, present } from "./support/project.ts";

const TEXT =
  "preset: factual\nworkload: {lengths: {kind: uniform, min: 1, max: 9}}\nllama-cpp: {sampling: {topK: 3}, extra: {model: {list: [1, 2]}}}\n";

it("every resolved leaf has an origin, and nothing else has", async () => {
  const { resolution } = await check(TEXT);
  const { experiment, provenance } = present(resolution);
  const rows = listFieldValues({ experiment, provenance });
  expect(rows.map(({ path }) => path)).toEqual(Object.keys(provenance));
  const leaves = (value: unknown): number =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.values(value)
          .map(leaves)
          .reduce((a, b) => a + b, 0)
      : 1;
  const { unchecked: _, ...counted } = experiment;
  expect(rows).toHaveLength(leaves(counted));
});

it("the origin is that of the layer which decided", async () => {
  const { resolution } = await check(TEXT, { flags: { set: ["workload.lengths.max=7"] } });
  expect(resolution?.provenance).toMatchObject({
    name: "default",
    "workload.prompts.kind": "flag",
    "workload.prompts.lengths.max": "flag",
    "workload.input_tokens": "default",
    "llama-cpp.sampling.topK": "file",
    "llama-cpp.sampling.temperature": "preset",
    "llama-cpp.model.list": "file",
  });
});
