import { readFile } from "node:fs/promises";
import { fromSystemError } from "@lem/domain";
import { parquetReadObjects } from "hyparquet";

/** Rows of a parquet file that lem wrote; undefined without the file. @throws LemError `io.*` */
export async function readRows<T>(path: string): Promise<readonly T[] | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fromSystemError(error, `reading ${path}`);
  });
  if (bytes === undefined) return undefined;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return (await parquetReadObjects({ file })) as unknown as readonly T[];
}
