import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { storeModel } from "../../../src/models/cache/store.ts";
import { hasCode, temporaryFolder } from "../workplace.ts";

/** A file system of 64 KiB, where this user may mount one. */
async function tinyDisk(): Promise<string | undefined> {
  const folder = await temporaryFolder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status !== 0) return undefined;
  onTestFinished(() => void spawnSync("umount", [folder]));
  return folder;
}

test.runIf(process.getuid?.() === 0)("a full disk is io.disk-full, and nothing is left", async ({ skip }) => {
  const disk = await tinyDisk();
  if (disk === undefined) return skip("this container may not mount");
  const produce = async (temporary: string): Promise<never> => {
    await writeFile(join(temporary, "m.gguf"), Buffer.alloc(1 << 20));
    return expect.unreachable();
  };
  await expect(storeModel({ folder: join(disk, "m"), produce })).rejects.toSatisfy(hasCode("io.disk-full"));
  expect(await readdir(disk)).toEqual([]);
});
