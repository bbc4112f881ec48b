import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixtures/open-fake.ts";
import { load, model, openWorker, requests, runGroups, TEXTS, tokens } from "./support.ts";

const run = promisify(execFile);
const OUTPUTS = 32;
const INPUT_LIMIT = 24;

interface Plain {
  readonly prompt: number[];
  readonly ids: number[];
  readonly meter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
}

async function plainScript(path: string): Promise<Plain[]> {
  const asked = JSON.stringify({ path, texts: TEXTS, inputLimit: INPUT_LIMIT, outputs: OUTPUTS });
  const { stdout } = await run(process.execPath, [fixture("../llama-cpp/plain-script.mjs"), asked]);
  return JSON.parse(stdout) as Plain[];
}

const real = await model("smollm2-135m");
const models = real.synthetic
  ? [{ name: "builtin:tiny, because no source of smollm2-135m can be reached from here", path: real.path }]
  : [
      { name: "smollm2-135m", path: real.path },
      { name: "builtin:tiny", path: (await model("builtin:tiny")).path },
    ];

describe.each(models)("greedy ids of $name", ({ path }) => {
  it("equal a plain script's, over repeats and in parallel, and so do the counts", { timeout: 180_000 }, async () => {
    const plain = await plainScript(path);
    const session = await openWorker();
    await load(session, { path, max_sequence_tokens: INPUT_LIMIT + OUTPUTS });
    const prompts = await tokens(session, TEXTS, INPUT_LIMIT);
    expect(prompts).toEqual(plain.map(({ prompt }) => prompt));

    const oneByOne = requests(prompts, OUTPUTS).map((request) => [request]);
    for (let repeat = 0; repeat < 2; repeat++) {
      const { told } = await runGroups(session, oneByOne);
      expect([...told.values()].map(({ ids }) => ids)).toEqual(plain.map(({ ids }) => ids));
      plain.forEach(({ prompt, meter }, r) => {
        const finished = told.get(r)?.finished;
        expect(finished).toMatchObject({ input_tokens: prompt.length, output_tokens: OUTPUTS, finish: "length" });
        expect(meter.usedInputTokens + meter.usedOutputTokens).toBe(prompt.length - 1 + OUTPUTS);
      });
    }

    await load(session, { path, parallel: 4, max_sequence_tokens: INPUT_LIMIT + OUTPUTS });
    const first = await runGroups(session, [requests(prompts, OUTPUTS)]);
    const again = await runGroups(session, [requests(prompts, OUTPUTS)]);
    expect([...again.told.values()].map(({ ids }) => ids)).toEqual([...first.told.values()].map(({ ids }) => ids));
    // Products of batches are summed in another order, so only the beginning is sure to be the same.
    for (const [r, { ids }] of first.told) expect(ids.slice(0, 8)).toEqual(plain[r]?.ids.slice(0, 8));
  });
});
