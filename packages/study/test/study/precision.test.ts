import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoppingSettings } from "@lem/config";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readManifest } from "../../src/manifest/read.ts";
import { runStudy } from "../../src/run-study.ts";
import type { StudyOutcome } from "../../src/study/options.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";

/** Real cycles of real experiments. */

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-precision-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function study(stop: Partial<StoppingSettings>, resume?: string): Promise<StudyOutcome> {
  const plan = await tinyPlan({
    points: 2,
    set: ["measurement.energy.sampler=none"],
    execution: { stop: { metric: "executed_flop", within: 0.01, min_cycles: 2, max_cycles: 3, ...stop } },
  });
  const going = resume === undefined ? {} : { resume: { folder: resume, adopt: false } };
  return await runStudy(plan, { resultsDir: join(root, "results"), env: process.env, cwd: root, ...going });
}

it("ends an experiment as soon as its figure is known well enough", { timeout: 120_000 }, async () => {
  const outcome = await study({});
  expect(outcome).toMatchObject({ status: "completed", counts: { completed: 4, unneeded: 2, pending: 0 } });
  const { entries } = await readManifest(outcome.folder);
  expect(entries.map(({ cycle, status }) => `${cycle} ${status}`)).toEqual([
    "1 completed",
    "1 completed",
    "2 completed",
    "2 completed",
    "3 unneeded",
    "3 unneeded",
  ]);
  const again = await study({}, outcome.folder);
  expect(again.counts).toEqual(outcome.counts);
});

it("runs every cycle where the figure does not exist", { timeout: 120_000 }, async () => {
  const outcome = await study({ metric: "joules_per_output_token" });
  expect(outcome).toMatchObject({ status: "completed", counts: { completed: 6, unneeded: 0 } });
});
