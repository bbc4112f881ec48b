import { expect, test } from "vitest";
import { tinyTokenizer } from "../../../src/models/random/tokenizer.ts";

test("320 different tokens, and every merge joins tokens that exist before it", () => {
  const { tokens, merges } = tinyTokenizer();
  expect(tokens).toHaveLength(320);
  expect(new Set(tokens).size).toBe(320);
  const known = new Set(tokens.slice(1, 257));
  for (const [left, right] of merges) {
    expect(known).toContain(left);
    expect(known).toContain(right);
    known.add(left + right);
  }
});
