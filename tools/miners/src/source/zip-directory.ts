import { callbackify } from "node:util";
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from "yauzl";
import { LemError } from "@lem/domain";
import type { ByteSource } from "./byte-source.ts";

/** One member of a zip archive, as the archive's directory lists it. */
export interface ZipMember {
  readonly path: string;
  /** Where the member's own header begins. */
  readonly offset: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
}

/** The directory stands at the end: the last block is read once, what lies before it on demand. */
const TAIL_BYTES = 1 << 20;

/**
 * Reads the list of members without the members, so that of a large archive only its end is fetched.
 * @throws LemError `mine.source-corrupt` when the archive is damaged or a member's name leaves the folder
 */
export async function readZipDirectory(source: ByteSource): Promise<readonly ZipMember[]> {
  try {
    const zip = await openZip(source);
    const members: ZipMember[] = [];
    for await (const entry of zip.eachEntry()) members.push(memberOf(entry));
    return members;
  } catch (error) {
    if (error instanceof LemError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new LemError("mine.source-corrupt", `the archive's directory cannot be read: ${said}`, { cause: error });
  }
}

function memberOf(entry: Entry): ZipMember {
  return {
    path: entry.fileName,
    offset: entry.relativeOffsetOfLocalHeader,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
  };
}

function openZip(source: ByteSource): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false };
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(new TailReader(source), source.size, options, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(error);
    });
  });
}

/** Serves yauzl from the archive's last block. */
class TailReader extends RandomAccessReader {
  readonly #source: ByteSource;
  readonly #from: number;
  #tail: Promise<Buffer> | undefined;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
    this.#from = Math.max(0, source.size - TAIL_BYTES);
  }

  override read(...[buffer, offset, length, position, callback]: Parameters<RandomAccessReader["read"]>): void {
    const fill = async (): Promise<void> => {
      const copied = (await this.#bytes(position, length)).copy(buffer, offset);
      if (copied !== length) throw new LemError("mine.source-corrupt", "the archive ends too early");
    };
    callbackify(fill)(callback);
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    if (position < this.#from) return await this.#source.read(position, position + length);
    this.#tail ??= this.#source.read(this.#from, this.#source.size);
    const start = position - this.#from;
    return (await this.#tail).subarray(start, start + length);
  }
}
