import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readGaps } from "../../src/gaps/read-gaps.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-gaps-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const GAP = {
  kind: "warned",
  section: "sampling",
  entry: "engine.Sampling",
  fields: ["temperature"],
  given: { temperature: { $py: "float", value: "0.0" } },
  place: { path: "engine/sampling.py", qualname: "Sampling.validate", line: 12 },
  exception: null,
};
const STREAM = { stream: "gpu0", start_ns: 1, length_s: 1 };

const result = (...gaps: object[]): object => ({ experiment_id: "x", engine: { name: "vllm", version: "1" }, gaps });

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("the results below a folder are read once each: their aggregates", async () => {
  for (const study of ["a", "b"]) {
    write(join(study, "experiments", "x", "result.json"), result(GAP, STREAM));
    write(join(study, "experiments", "x", "c1", "r0", "result.json"), result(GAP, STREAM));
  }
  expect(await readGaps(folder)).toMatchObject([{ kind: "warned", engine: "vllm", count: 2, examples: [GAP.given] }]);
});

test("one result, and what lem engines gaps prints", async () => {
  const groups = await readGaps(write("result.json", result(GAP)));
  expect(groups).toHaveLength(1);
  expect(await readGaps(write("gaps.json", { schema_version: 1, gaps: groups }))).toEqual(groups);
});

test("a folder without results has no gaps", async () => {
  expect(await readGaps(folder)).toEqual([]);
});

test.each([
  ["no JSON", "{"],
  ["another file", { a: 1 }],
  ["a newer list", { schema_version: 2, gaps: [] }],
  ["a gap without its fields", result({ ...GAP, fields: [] })],
])("%s is refused", async (_, content) => {
  await expect(readGaps(write("x.json", content))).rejects.toMatchObject({ code: "mine.gaps" });
});

test("nothing there", async () => {
  await expect(readGaps(join(folder, "nothing"))).rejects.toMatchObject({ code: "mine.gaps" });
});
