import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../src/make-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-folder-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("makes every folder of a path, also when several ask at once", async () => {
  const path = join(root, "a", "b é", "c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, "d"))]);
  await makeFolder(path);
  expect(statSync(join(path, "d")).isDirectory()).toBe(true);
});

test("a file in the way is an error", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(makeFolder(join(root, "file", "b"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
});

if (existsSync("/proc/self"))
  test("a place that takes no folder is an error and not an endless attempt", async () => {
    await expect(makeFolder("/proc/lem/results")).rejects.toMatchObject({ code: "ENOENT" });
  });
