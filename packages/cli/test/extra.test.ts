import { expect, it } from "vitest";
import { findingCodes, markedPaths, runWith } from "./extra.ts";

/** `extra` of the embedded engine; those in Python have `extra.engine.test.ts`. */

it("keys of extra reach each section of llama-cpp, and the result marks them", { timeout: 120_000 }, async () => {
  const extra = {
    llama: { maxThreads: 1 },
    model: { useMmap: false },
    context: { batchSize: 32 },
    sampling: { temperature: 0.5, topK: 7, seed: 3 },
  };
  const { code, said, result } = await runWith("llama-cpp", { extra });
  expect(code, said).toBe(0);
  expect(result.config.unchecked).toEqual(markedPaths("llama-cpp", extra));
  expect(result.config.effective).toMatchObject(extra);
  expect(findingCodes(result)).toContain("quality.unchecked-keys");
});

it("a key that the engine does not know is said to have no effect", { timeout: 120_000 }, async () => {
  const extra = { model: { notAnOption: 1 }, context: { notAnOptionEither: true } };
  const { code, result } = await runWith("llama-cpp", { extra });
  expect(code).toBe(0);
  expect(result.config.unchecked).toEqual(markedPaths("llama-cpp", extra));
  expect(result.config.effective).toMatchObject({ model: { notAnOption: null }, context: { notAnOptionEither: null } });
});
