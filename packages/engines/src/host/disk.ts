import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { bytes, fromSystemError, type Bytes } from "@lem/domain";
import { errnoOf } from "./files.ts";

/**
 * Free bytes for this user on the file system that a folder is on, or will be on: of a folder that does not exist
 * yet, the nearest one above it counts. @throws LemError `io.permission`, `io.failed`
 */
export async function freeBytes(folder: string): Promise<Bytes> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bytes(bavail * bsize);
  } catch (error) {
    const above = dirname(resolve(folder));
    if (errnoOf(error) === "ENOENT" && above !== resolve(folder)) return freeBytes(above);
    throw fromSystemError(error, `reading the free space of ${folder}`);
  }
}
