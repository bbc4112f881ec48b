import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeOf } from "../manifest/store-of.ts";
import { listStudies, readResult, readResultsAt } from "../../src/results/read.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-read-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(root, "result.json");
  writeFileSync(path, text);
  return path;
};

test.each([
  ["not json", "{", "results.invalid"],
  ["another file", '{"schema_version": 1}', "results.invalid"],
  ["a newer version", '{"schema_version": 99}', "results.schema-version"],
  ["no object", "null", "results.invalid"],
])("%s is refused by its code", async (_, text, code) => {
  await expect(readResult(file(text))).rejects.toMatchObject({ code });
});

test("a path without anything says where to look", async () => {
  await expect(readResultsAt(join(root, "nothing"))).rejects.toMatchObject({ code: "results.not-found" });
});

test("a study that died before its first result is listed as running and has no result", async () => {
  const study = join(root, "results", "a");
  mkdirSync(study, { recursive: true });
  const store = storeOf(study, ["x1"]);
  await store.commit({ type: "begin", pid: 1, lem_version: "0" });
  await store.commit({ type: "start", slot: 0, at: new Date().toISOString() });
  expect(await listStudies(join(root, "results"))).toMatchObject([{ folder: study, manifest: { status: "running" } }]);
  await expect(readResultsAt(study)).rejects.toMatchObject({ code: "results.not-found" });
});

test("a results folder that does not exist is empty, and foreign folders in it are passed over", async () => {
  expect(await listStudies(join(root, "none"))).toEqual([]);
  mkdirSync(join(root, "foreign"));
  expect(await listStudies(root)).toEqual([]);
});
