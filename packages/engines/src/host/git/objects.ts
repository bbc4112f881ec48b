import { open, readFile, readdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { constants, inflateSync } from "node:zlib";

const ID_BYTES = 20;
const FANOUT_AT = 8;
const NAMES_AT = FANOUT_AT + 256 * 4;
const PACKED_COMMIT = 1;
/** Enough compressed bytes for the first line of a commit. */
const FIRST_BYTES = 512;

/**
 * The tree of a commit, from a loose object or a pack. Undefined when it cannot be read simply: a commit stored as a
 * difference to another, or objects borrowed from elsewhere.
 */
export async function treeOfCommit(commonDir: string, commit: string): Promise<string | undefined> {
  const loose = await readFile(join(commonDir, "objects", commit.slice(0, 2), commit.slice(2))).catch(() => undefined);
  const text = loose === undefined ? await packedCommit(join(commonDir, "objects", "pack"), commit) : beginning(loose);
  return /(?:^|\0)tree ([0-9a-f]{40})\n/.exec(text ?? "")?.[1];
}

const beginning = (compressed: Buffer): string =>
  inflateSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1");

async function packedCommit(folder: string, commit: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".idx"))) {
    const offset = await withFile(join(folder, name), (file) => offsetIn(file, Buffer.from(commit, "hex")));
    if (offset === undefined) continue;
    return withFile(join(folder, name.replace(/idx$/, "pack")), (file) => commitAt(file, offset));
  }
  return undefined;
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** Looks an id up in a version 2 pack index; offsets beyond 2 GiB are not followed. */
async function offsetIn(file: FileHandle, id: Buffer): Promise<number | undefined> {
  const fanout = await readAt(file, FANOUT_AT, 256 * 4);
  const bucket = id.readUInt8(0);
  const first = bucket === 0 ? 0 : fanout.readUInt32BE((bucket - 1) * 4);
  const last = fanout.readUInt32BE(bucket * 4);
  const total = fanout.readUInt32BE(255 * 4);
  const names = await readAt(file, NAMES_AT + first * ID_BYTES, (last - first) * ID_BYTES);
  for (let index = 0; index < last - first; index += 1) {
    if (names.compare(id, 0, ID_BYTES, index * ID_BYTES, (index + 1) * ID_BYTES) !== 0) continue;
    const offsets = NAMES_AT + total * (ID_BYTES + 4);
    const offset = (await readAt(file, offsets + (first + index) * 4, 4)).readUInt32BE(0);
    return offset >= 2 ** 31 ? undefined : offset;
  }
  return undefined;
}

async function commitAt(file: FileHandle, offset: number): Promise<string | undefined> {
  const data = await readAt(file, offset, FIRST_BYTES);
  if (((data.readUInt8(0) >> 4) & 7) !== PACKED_COMMIT) return undefined;
  const headerEnd = data.findIndex((byte) => (byte & 0x80) === 0) + 1;
  return beginning(data.subarray(headerEnd));
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
