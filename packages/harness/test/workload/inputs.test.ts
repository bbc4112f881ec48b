import { describe, expect, it } from "vitest";
import { inputIds, type Tokenize } from "../../src/workload/inputs.ts";
import type { PromptSet } from "../../src/workload/prompts.ts";
import { workloadOf } from "../support/experiment.ts";

/** One id a word: the word's length. */
const words: Tokenize = (texts) =>
  Promise.resolve(
    texts.map((text) =>
      text
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => word.length),
    ),
  );
const tokenizer = { tokenize: words, vocabulary: null };
const passages: PromptSet = { kind: "texts", source: "builtin:x", texts: ["a bb ccc", "dddd", "eeeee f"], fill: true };

describe("inputIds", () => {
  it("continues a built-in text with the next passages to exactly the length", async () => {
    const ids = await inputIds(workloadOf({ n: 9, input_tokens: 8 }), passages, tokenizer);
    expect(ids).toEqual([
      [1, 2, 3, 4, 5, 1, 1, 2],
      [4, 5, 1, 1, 2, 3, 4, 5],
      [5, 1, 1, 2, 3, 4, 5, 1],
    ]);
  });

  it("makes longer texts for a tokenizer with long tokens", async () => {
    const coarse: Tokenize = (texts) =>
      Promise.resolve(texts.map((text) => Array.from({ length: Math.floor(text.length / 50) }, () => 1)));
    const ids = await inputIds(workloadOf({ input_tokens: 10 }), passages, { tokenize: coarse, vocabulary: null });
    expect(ids.map((input) => input.length)).toEqual([10, 10, 10]);
  });

  it("gives up on a tokenizer that makes no tokens", async () => {
    const none: Tokenize = (texts) => Promise.resolve(texts.map(() => []));
    const reading = inputIds(workloadOf(), passages, { tokenize: none, vocabulary: null });
    await expect(reading).rejects.toMatchObject({ code: "engine.unsupported" });
  });

  it("cuts file prompts, never lengthens them, and reads no more than are used", async () => {
    const file: PromptSet = { ...passages, source: "file:p.txt", fill: false };
    expect(await inputIds(workloadOf({ n: 2, input_tokens: 2 }), file, tokenizer)).toEqual([[1, 2], [4]]);
  });

  it("refuses a prompt without tokens", async () => {
    const file: PromptSet = { kind: "texts", source: "file:p.txt", texts: ["a", " "], fill: false };
    await expect(inputIds(workloadOf(), file, tokenizer)).rejects.toMatchObject({ code: "workload.file" });
  });

  it("needs a vocabulary for synthetic prompts only", async () => {
    const synthetic: PromptSet = { kind: "synthetic", source: "synthetic:fixed", lengths: [3, 3] };
    await expect(inputIds(workloadOf(), synthetic, tokenizer)).rejects.toMatchObject({ code: "engine.unsupported" });
    const vocabulary = { size: 10, special: new Set<number>() };
    const ids = await inputIds(workloadOf(), synthetic, { ...tokenizer, vocabulary });
    expect(ids.map((input) => input.length)).toEqual([3, 3]);
  });
});
