import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fromSystemError } from "@lem/domain";
import { makeFolder } from "./make-folder.ts";

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: temporary file beside it,
 * fsync, rename, fsync of the folder. Missing folders are made. On failure nothing is left behind.
 * @throws LemError `io.disk-full`, `io.permission` or `io.failed`
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await replaceFileAtomic(path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
  });
}

/** As {@link writeFileAtomic}, for a producer that writes the temporary file itself. */
export async function replaceFileAtomic(path: string, produce: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path));
    await produce(temporary);
    await syncToDisk(temporary);
    await rename(temporary, path);
    await syncToDisk(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fromSystemError(error, `writing ${path}`);
  }
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
