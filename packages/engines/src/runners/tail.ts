const TAIL_BYTES = 64 * 1024;

/** The last 64 KiB of a byte stream, in one buffer that is never replaced. */
export class Tail {
  readonly #ring: Buffer = Buffer.alloc(TAIL_BYTES);
  #seen = 0;

  /** Takes the next bytes. */
  add(bytes: Buffer): void {
    const kept = bytes.subarray(-TAIL_BYTES);
    const at = (this.#seen + bytes.length - kept.length) % TAIL_BYTES;
    const fits = Math.min(kept.length, TAIL_BYTES - at);
    kept.copy(this.#ring, at, 0, fits);
    kept.copy(this.#ring, 0, fits);
    this.#seen += bytes.length;
  }

  /** Forgets what it has. */
  clear(): void {
    this.#seen = 0;
  }

  /** The bytes that are kept, in their order. */
  bytes(): Buffer {
    if (this.#seen <= TAIL_BYTES) return this.#ring.subarray(0, this.#seen);
    const at = this.#seen % TAIL_BYTES;
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }

  /** The lines in it that are not empty; of one that overwrites itself, such as a progress bar, its last state. */
  lines(): string[] {
    return this.bytes()
      .toString("utf8")
      .split("\n")
      .map((line) => line.trimEnd())
      .map((line) => line.slice(line.lastIndexOf("\r") + 1))
      .filter((line) => line !== "");
  }
}
