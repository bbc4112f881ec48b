import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadExperiment } from "@lem/config";
import type { ExperimentResult } from "@lem/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResultsAt } from "../src/results/read.ts";
import { runExperiment } from "../src/run-experiment.ts";

/** What the real engine does to keys that no rule speaks of; its rules are those of the corpora, whatever they know. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-gaps-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUICK = ["workload.n=1", "workload.input_tokens=8", "workload.output_tokens=4", "measurement.windows=1"];

async function run(...set: string[]): Promise<ExperimentResult> {
  const all = [...QUICK, "measurement.warmup.enabled=false", ...set];
  const flags = { engine: "transformers", model: "builtin:tiny", set: all };
  const { resolution, problems } = await loadExperiment({ cwd: folder, flags });
  if (resolution === undefined) throw new Error(JSON.stringify(problems));
  const outcome = await runExperiment(resolution, {
    resultsDir: join(folder, "results"),
    env: process.env,
    cwd: folder,
  });
  const [stored] = await readResultsAt(outcome.folder);
  expect(stored).toEqual(JSON.parse(JSON.stringify(outcome.result)));
  return outcome.result;
}

test("a value that generate() refuses is a gap with its place and class", async () => {
  const { gaps, quality, status } = await run("transformers.generation.repetition_penalty=2");
  expect(status).toBe("failed");
  expect(gaps).toMatchObject([
    {
      kind: "refused",
      section: "generation",
      fields: ["repetition_penalty"],
      given: { repetition_penalty: 2 },
      exception: "ValueError",
      place: { path: "transformers/generation/logits_process.py", line: expect.any(Number) },
    },
  ]);
  expect(quality.findings.map(({ code }) => code)).toContain("quality.unforeseen-words");
}, 240_000);

test("a sound configuration has no gap", async () => {
  const { gaps, status } = await run("transformers.generation.do_sample=true", "transformers.generation.top_k=7");
  expect(status).toBe("completed");
  expect(gaps).toEqual([]);
}, 240_000);
