import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStudyFolder, folderName, rawResultPaths, utcStamp } from "../../src/results/layout.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-layout-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const NOW = new Date("2026-11-22T01:30:59.500Z");

test("a study folder carries its name and the UTC time", async () => {
  const folder = await createStudyFolder(join(root, "results"), "quick start/1", NOW);
  expect(basename(folder)).toBe("quick-start-1-20261122T013059Z");
  expect(existsSync(folder)).toBe(true);
});

test("an existing folder is never used again", async () => {
  const folders = [await createStudyFolder(root, "a", NOW), await createStudyFolder(root, "a", NOW)];
  expect(folders.map((folder) => basename(folder))).toEqual([`a-${utcStamp(NOW)}`, `a-${utcStamp(NOW)}-2`]);
});

test("a file in the way of the results folder refuses the run", async () => {
  writeFileSync(join(root, "results"), "");
  await expect(createStudyFolder(join(root, "results"), "a", NOW)).rejects.toMatchObject({ code: "io.not-a-folder" });
});

test("names never become hidden or nested folders", () => {
  expect(["../x", ".hidden", "a b", "…"].map(folderName)).toEqual(["x", "hidden", "a-b", "study"]);
});

test("raw results lie in experiments/<id>/c<cycle>/r<rank>", () => {
  expect(rawResultPaths("s", { id: "abc", cycle: 2, rank: 1 }).result).toBe(
    join("s", "experiments", "abc", "c2", "r1", "result.json"),
  );
});
