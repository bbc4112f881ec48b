import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GapGroup, JsonObject } from "@lem/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepGaps, keptGaps, mergeGaps } from "../../src/gaps/gap-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-gaps-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const gap = (field: string, ...examples: JsonObject[]): GapGroup => ({
  engine: "vllm",
  engine_version: "1",
  kind: "warned",
  section: "sampling",
  entry: null,
  fields: [field],
  place: null,
  exception: null,
  count: examples.length,
  examples,
});

test("what is kept is read again, whatever became of it", async () => {
  expect(await keptGaps(folder)).toEqual([]);
  const gaps = [gap("n", { n: 1 }), gap("m", { m: { $py: "float", value: "1.0" } })];
  await keepGaps(folder, gaps, [{ gap: gaps[0] as GapGroup, outcome: "known" }]);
  expect(await keptGaps(folder)).toEqual(gaps);
  await keepGaps(folder, [], []);
  expect(await keptGaps(folder)).toEqual(gaps);
});

test("the same gap of two lists is one, with the examples of both, whatever the version", () => {
  const newer = { ...gap("n", { n: 1 }, { n: 2 }), engine_version: "2" };
  const merged = mergeGaps([gap("n", { n: 1 }), gap("m", { m: 1 })], [newer]);
  expect(merged).toMatchObject([{ fields: ["n"], count: 2, examples: [{ n: 1 }, { n: 2 }] }, { fields: ["m"] }]);
});
