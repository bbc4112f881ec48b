import { open, type FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { fromSystemError, type LemError } from "@lem/domain";
import type { Redactor } from "./redactor.ts";

const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 200;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The log of one worker. However much the engine says, memory holds the last 64 KiB, and the file the first 64 MiB,
 * the number of bytes left out, and the last 64 KiB. When the file cannot be written the streams are still read, so
 * that the engine does not block.
 */
export class LogFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #redactor: Redactor;
  readonly #onFailure: (error: LemError) => void;
  readonly #tail: Buffer = Buffer.alloc(TAIL_BYTES);
  #seen = 0;
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
    try {
      return new LogFile(path, await open(path, "a"), redactor, onFailure);
    } catch (error) {
      throw fromSystemError(error, `cannot write the log file ${path}`);
    }
  }

  /** Copies a stream into the log until it ends or breaks; never rejects. */
  async copy(stream: Readable): Promise<void> {
    const filter = this.#redactor.stream();
    try {
      for await (const chunk of stream) await this.#add(filter.push(chunk as Buffer));
    } catch {
      // The pipe broke: its process is gone, and `exited` says how.
    }
    await this.#add(filter.end());
  }

  /** The last lines; of a line that overwrites itself, such as a progress bar, its last state. */
  tail(): string {
    return this.#lastBytes()
      .toString("utf8")
      .split("\n")
      .map((line) => line.trimEnd().slice(line.trimEnd().lastIndexOf("\r") + 1))
      .filter((line) => line !== "")
      .slice(-TAIL_LINES)
      .join("\n");
  }

  /** Writes what is due and closes the file; never rejects. */
  async close(): Promise<void> {
    if (this.#leftOut > 0) {
      const end = this.#lastBytes();
      const gap = Math.max(0, this.#leftOut - end.length);
      await this.#write(Buffer.concat([Buffer.from(`\n[${gap} bytes left out]\n`), end.subarray(-this.#leftOut)]));
    }
    await this.#file.close().catch((error: unknown) => this.#fail(error));
  }

  async #add(bytes: Buffer): Promise<void> {
    this.#remember(bytes);
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

  #remember(bytes: Buffer): void {
    const kept = bytes.subarray(-TAIL_BYTES);
    const at = (this.#seen + bytes.length - kept.length) % TAIL_BYTES;
    const fits = Math.min(kept.length, TAIL_BYTES - at);
    kept.copy(this.#tail, at, 0, fits);
    kept.copy(this.#tail, 0, fits);
    this.#seen += bytes.length;
  }

  #lastBytes(): Buffer {
    if (this.#seen <= TAIL_BYTES) return this.#tail.subarray(0, this.#seen);
    const at = this.#seen % TAIL_BYTES;
    return Buffer.concat([this.#tail.subarray(at), this.#tail.subarray(0, at)]);
  }
}
