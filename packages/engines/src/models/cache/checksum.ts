import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** SHA-256 of a file's content, as hexadecimal digits. @throws the file system's own errors */
export const sha256OfFile = (path: string): Promise<string> => digest(path, "sha256", "");

/** The id that git gives a file's content: the hub states it for files outside its large file storage. */
export async function gitBlobId(path: string): Promise<string> {
  const { size } = await stat(path);
  return digest(path, "sha1", `blob ${size}\0`);
}

async function digest(path: string, algorithm: string, prefix: string): Promise<string> {
  const hash = createHash(algorithm).update(prefix);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
