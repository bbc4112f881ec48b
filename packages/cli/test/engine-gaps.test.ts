import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigGap, ExperimentResult } from "@lem/domain";
import { listStudies } from "@lem/study/results";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

const GAP: ConfigGap = {
  kind: "warned",
  section: "sampling",
  entry: "engine.Sampling",
  fields: ["temperature"],
  given: { temperature: 0.5 },
  place: { path: "engine/sampling.py", qualname: "Sampling.validate", line: 12 },
  exception: "FutureWarning",
};

let folder: string;
let results: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lem-gaps-"));
  results = join(folder, "results");
  const quick = ["workload.n=1", "workload.output_tokens=4", "measurement.windows=1", "llama-cpp.context.threads=1"];
  for (let time = 0; time < 2; time++)
    await lem("run", "--model", "builtin:tiny", ...quick.flatMap((set) => ["--set", set]));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lem(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd: folder, env: process.env });
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

/** Puts the gap into the aggregates of the studies, as a run of another engine would have. */
async function storeGaps(): Promise<string[]> {
  const studies = await listStudies(results);
  for (const { folder: study, manifest } of studies) {
    const file = join(study, "experiments", manifest.entries[0]?.experiment_id ?? "", "result.json");
    const result = JSON.parse(readFileSync(file, "utf8")) as ExperimentResult;
    writeFileSync(file, JSON.stringify({ ...result, gaps: [GAP] }));
  }
  return studies.map((study) => study.folder);
}

test("results without a gap say so, then gaps are grouped over the results of a folder, or shown of one study", async () => {
  expect((await lem("engines", "gaps")).out).toMatch(/^no gaps in results/);
  const [study = ""] = await storeGaps();
  const { out } = await lem("engines", "gaps");
  expect(out).toContain("engine.Sampling: temperature");
  expect(out).toContain("engine/sampling.py:12 (Sampling.validate)");
  const over = async (...path: string[]): Promise<unknown> =>
    JSON.parse((await lem("engines", "gaps", ...path, "--json")).out) as unknown;
  expect(await over()).toMatchObject({
    schema_version: 1,
    gaps: [{ count: 2, kind: "warned", examples: [GAP.given] }],
  });
  expect(await over(study)).toMatchObject({ gaps: [{ count: 1 }] });
});

test("a place without results is refused", async () => {
  const { code, err } = await lem("engines", "gaps", "nowhere");
  expect(code).toBe(2);
  expect(err).toContain("nowhere");
});
