import { crc32, inflateRawSync } from "node:zlib";
import { LemError } from "@lem/domain";
import type { ByteSource } from "./byte-source.ts";
import type { ZipMember } from "./zip-directory.ts";

/** A member's own header without its name, and room for a name and extra field that differ from the directory's. */
const HEADER_BYTES = 30;
const HEADER_ROOM = 1024;
const HEADER_SIGNATURE = 0x04034b50;
/** Two members closer than this are fetched in one request. */
const GAP_BYTES = 128 * 1024;
const REQUEST_BYTES = 8 << 20;
const REQUESTS_AT_ONCE = 4;

interface Stretch {
  readonly start: number;
  end: number;
  readonly members: ZipMember[];
}

/**
 * Reads the content of some members; neighbours are fetched together, all others are skipped.
 * @throws LemError `mine.source-corrupt` when a member does not have its checksum, `mine.source-missing`
 */
export async function readZipMembers(source: ByteSource, wanted: readonly ZipMember[]): Promise<Map<string, Buffer>> {
  const queue = stretches(wanted, source.size);
  const found = new Map<string, Buffer>();
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const bytes = await source.read(next.start, next.end);
      for (const member of next.members)
        found.set(member.path, unpack(member, bytes.subarray(member.offset - next.start)));
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  return found;
}

function stretches(wanted: readonly ZipMember[], size: number): Stretch[] {
  const found: Stretch[] = [];
  for (const member of wanted.toSorted((a, b) => a.offset - b.offset)) {
    const end = Math.min(size, member.offset + HEADER_BYTES + HEADER_ROOM + member.path.length + member.packedBytes);
    const last = found.at(-1);
    if (last !== undefined && member.offset - last.end < GAP_BYTES && end - last.start < REQUEST_BYTES) {
      last.end = Math.max(last.end, end);
      last.members.push(member);
    } else {
      found.push({ start: member.offset, end, members: [member] });
    }
  }
  return found;
}

function unpack(member: ZipMember, bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== HEADER_SIGNATURE) throw damaged(member, "no header");
  const start = HEADER_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  const packed = bytes.subarray(start, start + member.packedBytes);
  const content = inflate(member, packed);
  if (content.length !== member.bytes || crc32(content) !== member.crc32) throw damaged(member, "wrong checksum");
  return content;
}

function inflate(member: ZipMember, packed: Buffer): Buffer {
  if (member.method === 0) return packed;
  if (member.method !== 8) throw damaged(member, `unknown compression ${member.method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, member.bytes) });
  } catch (error) {
    throw damaged(member, error instanceof Error ? error.message : String(error));
  }
}

function damaged(member: ZipMember, why: string): LemError {
  return new LemError("mine.source-corrupt", `${member.path} in the archive is damaged: ${why}`);
}
