import { describe, expect, it } from "vitest";
import { capacityOf, checkContext } from "../../src/workload/capacity.ts";
import type { PromptSet } from "../../src/workload/prompts.ts";
import { workloadOf } from "../support/experiment.ts";

const filled: PromptSet = { kind: "texts", source: "builtin:x", texts: ["a"], fill: true };
const cut: PromptSet = { ...filled, fill: false };

describe("capacityOf", () => {
  it("holds the groups that run side by side", () => {
    const workload = workloadOf({ n: 10, batch_size: 2, concurrency: 3 });
    expect(capacityOf(workload, filled)).toEqual({ parallel: 6, max_sequence_tokens: 24 });
  });

  it("never asks for more places than there are requests", () => {
    expect(capacityOf(workloadOf({ n: 3, batch_size: 8 }), filled).parallel).toBe(3);
  });

  it("counts dynamic groups by the lengths that are known", () => {
    const workload = workloadOf({ n: 10, batching: "dynamic", max_batch_tokens: 100 });
    expect(capacityOf(workload, filled).parallel).toBe(4);
    expect(capacityOf(workload, { kind: "synthetic", source: "s", lengths: [2, 2, 2, 12, 2] })).toEqual({
      parallel: 5,
      max_sequence_tokens: 20,
    });
  });

  it("bounds file prompts, whose lengths are unknown, from above", () => {
    const workload = workloadOf({ n: 20, batching: "dynamic", max_batch_tokens: 100 });
    expect(capacityOf(workload, cut)).toEqual({ parallel: 11, max_sequence_tokens: 24 });
  });

  it("refuses a token budget below one request before anything starts", () => {
    const workload = workloadOf({ batching: "dynamic", max_batch_tokens: 23 });
    expect(() => capacityOf(workload, filled)).toThrow(expect.objectContaining({ code: "config.conflict" }));
  });
});

describe("checkContext", () => {
  const capacity = { parallel: 1, max_sequence_tokens: 24 };

  it("lets pass what fits exactly, and what nobody knows", () => {
    expect(() => checkContext(capacity, 8, 24)).not.toThrow();
    expect(() => checkContext(capacity, 8, null)).not.toThrow();
  });

  it("refuses one token more, with all the figures", () => {
    expect(() => checkContext(capacity, 8, 23)).toThrow(
      expect.objectContaining({
        code: "workload.beyond-context",
        message: expect.stringMatching(/16 input \+ 8 output tokens = 24.* 23/),
        hint: "set workload.input_tokens to at most 15, or workload.output_tokens to at most 7",
      }),
    );
  });

  it.each([
    { input: 4, output: 20, context: 6, hint: "set workload.output_tokens to at most 2" },
    { input: 20, output: 4, context: 6, hint: "set workload.input_tokens to at most 2" },
    { input: 4, output: 4, context: 4, hint: "shorten both workload.input_tokens and workload.output_tokens" },
  ])("proposes only what helps: $input + $output in $context", ({ input, output, context, hint }) => {
    const asked = (): void => checkContext({ parallel: 1, max_sequence_tokens: input + output }, output, context);
    expect(asked).toThrow(expect.objectContaining({ hint }));
  });
});
