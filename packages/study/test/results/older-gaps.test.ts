import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadExperiment } from "@lem/config";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResult } from "../../src/results/read.ts";
import { runExperiment } from "../../src/run-experiment.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lem-older-"));
  const set = ["workload.n=1", "workload.output_tokens=4", "measurement.windows=1", "llama-cpp.context.threads=1"];
  const { resolution } = await loadExperiment({ cwd: folder, flags: { model: "builtin:tiny", set } });
  if (resolution === undefined) throw new Error("not resolved");
  const options = { resultsDir: join(folder, "results"), env: process.env, cwd: folder };
  const { folder: study, result } = await runExperiment(resolution, options);
  file = join(study, "experiments", result.experiment_id, "result.json");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withGaps = (gaps: readonly object[]): void =>
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), gaps }));

test("gaps of a file from before rules had gaps are gaps between samples", async () => {
  const gap = { stream: "gpu0", start_ns: 1, length_s: 0.5 };
  withGaps([gap]);
  expect((await readResult(file)).gaps).toEqual([{ kind: "samples", ...gap }]);
});

test("a gap of no known kind is no result of this program", async () => {
  withGaps([{ kind: "imagined", section: "x" }]);
  await expect(readResult(file)).rejects.toMatchObject({ code: "results.invalid" });
});
