import { open, type FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { fromSystemError, type LemError } from "@lem/domain";
import type { Redactor } from "./redactor.ts";
import { Tail } from "./tail.ts";

const TAIL_LINES = 200;
const TAIL_CHARACTERS = 64 * 1024;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The log of one worker. However much the engine says, memory holds the last 64 KiB of each stream, and the file the
 * first 64 MiB, the number of bytes left out, and those ends. When the file cannot be written the streams are still
 * read, so that the engine does not block.
 */
export class LogFile {
  #path: string;
  #file: FileHandle;
  readonly #redactor: Redactor;
  readonly #onFailure: (error: LemError) => void;
  readonly #tails: Tail[] = [];
  #written = 0;
  #leftOut = 0;
  #broken = false;

  private constructor(path: string, file: FileHandle, redactor: Redactor, onFailure: (error: LemError) => void) {
    this.#path = path;
    this.#file = file;
    this.#redactor = redactor;
    this.#onFailure = onFailure;
  }

  /** Opens the file for appending; rejects with `io.*`. `onFailure` is told once of a later failure. */
  static async open(path: string, redactor: Redactor, onFailure: (error: LemError) => void): Promise<LogFile> {
    return new LogFile(path, await openToAppend(path), redactor, onFailure);
  }

  /** Goes on in another file, as an empty log. @throws LemError `io.*`; then it goes on in the one before */
  async moveTo(path: string): Promise<void> {
    const file = await openToAppend(path);
    const before = this.#file;
    const ends = this.#ends();
    [this.#path, this.#file, this.#written, this.#leftOut, this.#broken] = [path, file, 0, 0, false];
    for (const tail of this.#tails) tail.clear();
    await before.appendFile(ends).catch(() => undefined);
    await before.close().catch(() => undefined);
  }

  /** Copies a stream into the log until it ends or breaks; never rejects. */
  async copy(stream: Readable): Promise<void> {
    const filter = this.#redactor.stream();
    const tail = new Tail();
    this.#tails.push(tail);
    try {
      for await (const chunk of stream) await this.#add(filter.push(chunk as Buffer), tail);
    } catch {
      // The pipe broke: its process is gone, and `exited` says how.
    }
    await this.#add(filter.end(), tail);
  }

  /** The last lines, stream by stream in the order of `copy`: pipes do not tell who spoke first. */
  tail(): string {
    const lines = this.#tails.flatMap((tail) => tail.lines());
    return lines.slice(-TAIL_LINES).join("\n").slice(-TAIL_CHARACTERS);
  }

  /** Writes what is due and closes the file; never rejects. */
  async close(): Promise<void> {
    await this.#write(this.#ends());
    await this.#file.close().catch((error: unknown) => this.#fail(error));
  }

  /** What closes a file of which bytes were left out; nothing for a whole one. */
  #ends(): Buffer {
    if (this.#leftOut === 0) return Buffer.alloc(0);
    const said = Buffer.from(`\n[${this.#leftOut} bytes left out; their ends follow]\n`);
    return Buffer.concat([said, ...this.#tails.map((tail) => tail.bytes())]);
  }

  async #add(bytes: Buffer, tail: Tail): Promise<void> {
    tail.add(bytes);
    const room = Math.max(0, MAX_FILE_BYTES - this.#written);
    this.#leftOut += Math.max(0, bytes.length - room);
    this.#written += Math.min(bytes.length, room);
    await this.#write(bytes.subarray(0, room));
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#broken || bytes.length === 0) return;
    await this.#file.appendFile(bytes).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#onFailure(fromSystemError(error, `cannot write the log file ${this.#path}`));
  }
}

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, "a");
  } catch (error) {
    throw fromSystemError(error, `cannot write the log file ${path}`);
  }
}
