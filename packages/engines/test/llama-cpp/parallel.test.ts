import { join } from "node:path";
import { expect, it } from "vitest";
import { writeRandomGguf } from "../../src/models/random/llama-gguf.ts";
import { temporaryFolder } from "../fixtures/open-fake.ts";
import { load, openWorker, requests, runGroups, TEXTS, tokens } from "./support.ts";

/** Many tokens to choose from: sampling takes long enough for two threads to meet. */
const WIDE = {
  family: "llama",
  hidden: 64,
  layers: 1,
  heads: 2,
  keyValueHeads: 1,
  headDim: 32,
  intermediate: 128,
  vocabulary: 49_152,
  context: 1024,
  ropeTheta: 10_000,
  epsilon: 1e-5,
  slidingWindow: null,
  tied: false,
} as const;

it("sequences in one batch never get one another's tokens", { timeout: 120_000 }, async () => {
  const path = join(temporaryFolder(), "wide.gguf");
  await writeRandomGguf(path, { name: "wide", shape: WIDE, seed: 1, precision: "float32" });
  const session = await openWorker();
  await load(session, { path });
  const prompts = await tokens(session, TEXTS, 24);
  const alone = await runGroups(
    session,
    requests(prompts, 16).map((request) => [request]),
  );
  const expected = [...alone.told.values()].map(({ ids }) => ids);
  expect(new Set(expected.map(String)).size).toBe(TEXTS.length);

  await load(session, { path, parallel: TEXTS.length });
  for (let repeat = 0; repeat < 12; repeat++) {
    const { told } = await runGroups(session, [requests(prompts, 16)]);
    expect([...told.values()].map(({ ids }) => ids)).toEqual(expected);
  }
});
