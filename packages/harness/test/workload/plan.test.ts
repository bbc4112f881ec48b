import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashInputs, planWork } from "../../src/workload/plan.ts";
import type { PromptSet } from "../../src/workload/prompts.ts";
import { workloadOf } from "../support/experiment.ts";

const tokenizer = {
  tokenize: (texts: readonly string[]) =>
    Promise.resolve(texts.map((text) => Array.from(text, (letter) => letter.charCodeAt(0)))),
  vocabulary: { size: 100, special: new Set<number>() },
};
const file: PromptSet = { kind: "texts", source: "file:p.txt", texts: ["abc", "de", "f"], fill: false };

describe("planWork", () => {
  it("uses prompts in turn and says how many differ", async () => {
    const work = await planWork(workloadOf({ n: 5 }), file, tokenizer);
    expect(work.requests.map(({ tokens }) => tokens.length)).toEqual([3, 2, 1, 3, 2]);
    expect(work).toMatchObject({ distinctInputs: 3, source: "file:p.txt" });
  });

  it("hashes the inputs, not the order in which they are submitted", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map((seed) => planWork(workloadOf({ n: 8, seed }), file, tokenizer)),
    );
    expect(first?.groups).not.toEqual(second?.groups);
    expect(first?.inputIdsSha256).toBe(second?.inputIdsSha256);
    const other = await planWork(workloadOf({ n: 8, input_tokens: 2 }), file, tokenizer);
    expect(other.inputIdsSha256).not.toBe(first?.inputIdsSha256);
  });

  it("submits each request once, the same way for a seed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.constantFrom("static" as const, "sorted" as const, "dynamic" as const),
        async (n, seed, batching) => {
          const workload = workloadOf({ n, seed, batching, batch_size: 3, max_batch_tokens: 40 });
          const work = await planWork(workload, file, tokenizer);
          const submitted = work.groups.flat().map(({ r }) => r);
          expect(submitted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, r) => r));
          expect(await planWork(workload, file, tokenizer)).toEqual(work);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe("hashInputs", () => {
  it("is SHA-256 over little-endian lengths and ids", () => {
    const requests = [
      { r: 0, tokens: [1, 258], output_tokens: 1 },
      { r: 1, tokens: [], output_tokens: 1 },
    ];
    const bytes = Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0);
    expect(hashInputs(requests)).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});
