import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderCheck, type FolderQuestion } from "../../src/doctor/folder.ts";

const QUESTION = { id: "x.folder", title: "A folder", enough_b: 0, why: "too small", todo: "make room" };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lem-folder-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a folder to be made in a writable one is fine", async () => {
  const folder = join(await temporaryFolder(), "a", "b");
  expect(await folderCheck({ ...QUESTION, folder })).toMatchObject({ status: "ok", why: null });
});

test("too little room is a drawback with its reason", async () => {
  const check = await folderCheck({ ...QUESTION, folder: await temporaryFolder(), enough_b: Number.MAX_SAFE_INTEGER });
  expect(check).toMatchObject({ status: "warn", why: "too small", todo: "make room" });
});

test("a folder below one that may not be written to is missing, and the one in the way is named", async () => {
  const locked = join(await temporaryFolder(), "locked");
  await mkdir(locked, { mode: 0o555 });
  await chmod(join(locked, ".."), 0o755);
  const check = asOrdinaryUser({ ...QUESTION, folder: join(locked, "new", "folder") });
  expect(check).toMatchObject({ status: "missing", why: `${locked} may not be written to` });
});

/** Root may write everywhere: a Node of its own loads the check, becomes nobody, and asks. */
function asOrdinaryUser(question: FolderQuestion): unknown {
  const program = `const { folderCheck } = await import(${JSON.stringify(import.meta.resolve("../../src/doctor/folder.ts"))});
    if (process.getuid() === 0) process.setuid(65534);
    console.log(JSON.stringify(await folderCheck(${JSON.stringify(question)})));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return JSON.parse(stdout);
}
