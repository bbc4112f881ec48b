import { LemError } from "@lem/domain";

/** Raised when the header goes on behind the bytes read so far; the reader then takes a larger window. */
export class EndOfWindow {}

/** Reads little-endian values from the first bytes of a GGUF file; every length is held against the file's. */
export class ByteCursor {
  readonly fileSize: number;
  position = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #path: string;

  constructor(bytes: Buffer, fileSize: number, path: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fileSize = fileSize;
    this.#path = path;
  }

  /** Reads one value of `length` bytes. */
  take<T>(length: number, read: (view: DataView, at: number) => T): T {
    const at = this.#advance(length);
    return read(this.#view, at);
  }

  u32(): number {
    return this.take(4, (view, at) => view.getUint32(at, true));
  }

  /** A 64-bit extent, offset or length; anything beyond 2^53 is garbage. */
  u64(): number {
    const value = this.take(8, (view, at) => Number(view.getBigUint64(at, true)));
    return Number.isSafeInteger(value) ? value : this.refuse(`a length of ${value}`);
  }

  /** A number of items of at least `itemBytes` bytes each. */
  count(itemBytes: number): number {
    const value = this.u64();
    const left = this.fileSize - this.position;
    return value * itemBytes <= left ? value : this.refuse(`${value} items announced with ${left} bytes left`);
  }

  text(): string {
    const length = this.u64();
    const at = this.#advance(length);
    return this.#bytes.toString("utf8", at, at + length);
  }

  skipText(): void {
    this.#advance(this.u64());
  }

  ascii(length: number): string {
    const at = this.#advance(length);
    return this.#bytes.toString("latin1", at, at + length);
  }

  /** @throws LemError `model.corrupt` */
  refuse(what: string): never {
    throw new LemError("model.corrupt", `${this.#path} is not a sound GGUF file: ${what}`, {
      hint: "fetch or convert the file again",
      place: { file: this.#path },
    });
  }

  #advance(length: number): number {
    const at = this.position;
    const end = at + length;
    if (end > this.fileSize) this.refuse(`it ends at byte ${this.fileSize} inside its header`);
    // Not a failure: control flow between the cursor and the reader that owns the window.
    if (end > this.#bytes.length) throw new EndOfWindow();
    this.position = end;
    return at;
  }
}
