import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@lem/domain";
import { describe, expect, onTestFinished, test } from "vitest";
import { mayMount } from "../../../../../scripts/test-machine.mjs";
import { ProgressMeter } from "../../../src/models/cache/progress.ts";
import { storeModel } from "../../../src/models/cache/store.ts";
import { downloadFile } from "../../../src/models/hub/download.ts";
import { COMMIT, startHub } from "../fake-hub.ts";
import { hasCode, temporaryFolder } from "../workplace.ts";

/** A file system of 64 KiB. */
async function tinyDisk(): Promise<string> {
  const folder = await temporaryFolder();
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status).toBe(0);
  onTestFinished(() => void spawnSync("umount", [folder]));
  return folder;
}

const CONTENT = Buffer.alloc(1 << 20, "weights");

describe.runIf(mayMount())("a full disk [needs mount]", () => {
  test("while a model is made is io.disk-full, and nothing is left", async () => {
    const disk = await tinyDisk();
    const produce = async (temporary: string): Promise<never> => {
      await writeFile(join(temporary, "m.gguf"), CONTENT);
      return expect.unreachable();
    };
    await expect(storeModel({ folder: join(disk, "m"), produce })).rejects.toSatisfy(hasCode("io.disk-full"));
    expect(await readdir(disk)).toEqual([]);
  });

  test("while a file is downloaded is io.disk-full, and no part is left", async () => {
    const disk = await tinyDisk();
    const hub = await startHub({ "m.gguf": { content: CONTENT } });
    onTestFinished(() => hub.close());
    const job = {
      url: `${hub.url}/org/model/resolve/${COMMIT}/m.gguf`,
      file: { path: "m.gguf", size_b: CONTENT.length, digest: { kind: "sha256", value: sha256(CONTENT) } },
      target: join(disk, "m.gguf"),
      fetch,
      progress: new ProgressMeter(() => {}, "m", CONTENT.length),
      idleMs: 10_000,
    } as const;
    await expect(downloadFile(job)).rejects.toSatisfy(hasCode("io.disk-full"));
    expect(await readdir(disk)).toEqual([]);
  });
});
