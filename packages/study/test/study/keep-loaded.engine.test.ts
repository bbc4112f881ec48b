import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planOfText, runAll } from "../fixtures/kept-study.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-kept-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const studyText = (execution: string): string => `
name: kept
engine: transformers
model: builtin:tiny
workload: {n: 2, input_tokens: 8, output_tokens: 12}
measurement: {windows: 1, warmup: {enabled: false}}
transformers: {load: {dtype: float32}}
sweep:
  axes:
    workload.batch_size: [1, 2]
    transformers.generation:
      - {do_sample: false}
      - {do_sample: true, temperature: 1.5, top_k: 20}
execution: {min_free_mib: 0, order: grouped, ${execution}}
`;

test("one load of transformers serves samplings and batch sizes as loads of their own do", async () => {
  const fresh = await runAll(folder, await planOfText(folder, studyText("cycles: 1")));
  const kept = await runAll(folder, await planOfText(folder, studyText("keep_loaded: true")));
  expect(kept.outcome).toMatchObject({ status: "completed", counts: { completed: 4 } });
  expect(kept.runs.map(({ ids }) => ids)).toEqual(fresh.runs.map(({ ids }) => ids));
  const loads = kept.runs.map(({ result }) => result.phases.some(({ phase }) => phase === "load"));
  expect(loads).toEqual([true, false, false, false]);
  const held = (of: typeof kept): readonly unknown[] =>
    of.runs.map(({ result }) => result.config.effective["generation"]);
  expect(held(kept)).toEqual(held(fresh));
}, 600_000);
