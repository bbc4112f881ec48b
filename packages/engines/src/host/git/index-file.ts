/** One file of git's index, as far as lem compares it. */
export interface IndexEntry {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  /** Milliseconds since 1970, with the fraction that the index holds. */
  readonly mtimeMs: number;
  /** The object id in raw bytes. */
  readonly id: Buffer;
  /** 0, or 1 to 3 during an unfinished merge. */
  readonly stage: number;
  /** True when git itself does not look at the file (assume-unchanged, sparse checkout). */
  readonly unwatched: boolean;
  /** True for `git add --intent-to-add`: the file is announced, its content is not staged. */
  readonly announced: boolean;
}

const ID_BYTES = 20;
const AT = { mtimeSeconds: 8, mtimeNanoseconds: 12, mode: 24, size: 36, id: 40, flags: 60, name: 62 } as const;
const ASSUME_VALID = 0x8000;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;
const INTENT_TO_ADD = 0x2000;

/**
 * Reads git's index, versions 2 to 4 with SHA-1 ids (gitformat-index). Undefined for another format and for a split
 * index, whose entries lie in a second file.
 */
export function parseIndex(data: Buffer): readonly IndexEntry[] | undefined {
  const version = data.length < 12 ? 0 : data.readUInt32BE(4);
  if (data.toString("latin1", 0, 4) !== "DIRC" || version < 2 || version > 4) return undefined;
  const entries: IndexEntry[] = [];
  let [at, path] = [12, ""];
  for (let left = data.readUInt32BE(8); left > 0; left -= 1) {
    const flags = data.readUInt16BE(at + AT.flags);
    const extended = (flags & EXTENDED) === 0 ? 0 : data.readUInt16BE(at + AT.name);
    const nameAt = at + AT.name + ((flags & EXTENDED) === 0 ? 0 : 2);
    const name = version === 4 ? compressedName(data, nameAt, path) : plainName(data, nameAt, at);
    entries.push(entryAt(data, at, { path: name.path, flags, extended }));
    [at, path] = [name.next, name.path];
  }
  return data.toString("latin1", at, at + 4) === "link" ? undefined : entries;
}

interface Name {
  readonly path: string;
  /** Where the next entry begins. */
  readonly next: number;
}

function entryAt(data: Buffer, at: number, parts: { path: string; flags: number; extended: number }): IndexEntry {
  const { path, flags, extended } = parts;
  return {
    path,
    mode: data.readUInt32BE(at + AT.mode),
    size: data.readUInt32BE(at + AT.size),
    mtimeMs: data.readUInt32BE(at + AT.mtimeSeconds) * 1000 + data.readUInt32BE(at + AT.mtimeNanoseconds) / 1e6,
    id: data.subarray(at + AT.id, at + AT.id + ID_BYTES),
    stage: (flags >> 12) & 3,
    unwatched: (flags & ASSUME_VALID) !== 0 || (extended & SKIP_WORKTREE) !== 0,
    announced: (extended & INTENT_TO_ADD) !== 0,
  };
}

/** The name ends with NUL; one to eight of them fill the entry up to a multiple of eight bytes. */
function plainName(data: Buffer, from: number, entry: number): Name {
  const end = data.indexOf(0, from);
  return { path: data.toString("utf8", from, end), next: entry + Math.floor((end - entry) / 8 + 1) * 8 };
}

/** Version 4: how many bytes to drop from the name before, then what to put there instead. */
function compressedName(data: Buffer, from: number, previous: string): Name {
  let byte = data.readUInt8(from);
  let drop = byte & 0x7f;
  let at = from + 1;
  while ((byte & 0x80) !== 0) {
    byte = data.readUInt8(at);
    drop = (drop + 1) * 128 + (byte & 0x7f);
    at += 1;
  }
  const kept = Buffer.from(previous);
  const end = data.indexOf(0, at);
  const path = kept.toString("utf8", 0, kept.length - drop) + data.toString("utf8", at, end);
  return { path, next: end + 1 };
}
